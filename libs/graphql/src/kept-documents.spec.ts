import { parse } from 'graphql';
import { LIMITS } from '#kernel';
import { keptDocuments } from './kept-documents.js';

it('C40 keeps the documents used last, as many as have the tokens', async () => {
  const store = keptDocuments();
  const document = parse(`{ ${'kind '.repeat(998)} }`);
  const fitting = LIMITS.keptTokens / 1_000;
  for (let n = 0; n < fitting; n++) await store.set(`${n}`, document);
  expect(await store.get('0')).toBe(document);
  await store.set('one more', document);
  const kept = await Promise.all(Array.from({ length: fitting }, (_, n) => store.get(`${n}`)));
  expect(kept.flatMap((found, n) => (found ? [] : [n]))).toEqual([1]);
  expect(await store.get('one more')).toBe(document);
});
