import { execute, buildSchema, GraphQLError, parse } from 'graphql';
import { LIMITS } from '#kernel';
import { KeptDocuments, memoryOf } from './kept-documents.js';

const { bytes, unprovenBytes } = LIMITS.keptDocuments;

/** Documents that all take the same memory, each under its own key. */
async function documents(store: KeptDocuments, prefix: string, count: number) {
  return Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const document = parse(`{ ${'kind '.repeat(998)} }`);
      await store.set(`${prefix}${n}`, document);
      return document;
    }),
  );
}
const size = memoryOf(parse(`{ ${'kind '.repeat(998)} }`));
const keptOf = async (store: KeptDocuments, prefix: string, count: number) => {
  const found = await Promise.all(Array.from({ length: count }, (_, n) => store.get(`${prefix}${n}`)));
  return found.filter((document) => document !== undefined).length;
};

describe('kept documents', () => {
  it('C40 the kept documents are the most recently used ones that fit, after a caller with a credential may run them', async () => {
    const store = new KeptDocuments();
    const room = Math.floor(bytes / size);
    for (let n = 0; n < room; n++) for (const document of await documents(store, `${n}:`, 1)) store.keep(document);
    expect(await store.get('0:0')).toBeDefined();
    for (const document of await documents(store, 'one more', 1)) store.keep(document);
    expect([await store.get('0:0'), await store.get('1:0')]).toEqual([expect.anything(), undefined]);
    expect(store.bytes).toBeLessThanOrEqual(bytes + unprovenBytes);
  });

  it('a kept document replaces others only where the caller has a credential', async () => {
    const store = new KeptDocuments();
    for (const document of await documents(store, 'proven', 3)) store.keep(document);
    await documents(store, 'unproven', 10);
    expect(await keptOf(store, 'proven', 3)).toBe(3);
    expect(await keptOf(store, 'unproven', 10)).toBe(Math.floor(unprovenBytes / size));
  });

  it.each([
    ['a comment', `{ kind } # ${'x'.repeat(95_000)}`],
    ['commas', `{ kind } ${','.repeat(95_000)}`],
    ['a text', `{ kind(of: "${'x'.repeat(95_000)}") }`],
  ])('kept documents count %s by its length, though it has few tokens', (_, text) => {
    expect(memoryOf(parse(text))).toBeGreaterThan(95_000);
  });

  it('kept documents do not hold their tokens, which are mostly comments', async () => {
    const store = new KeptDocuments();
    const document = parse(`{ kind } ${'#\n'.repeat(40_000)}`);
    await store.set('comments', document);
    expect(JSON.stringify(document)).not.toMatch(/startToken/);
    expect(document.loc?.startToken).toBeUndefined();
    expect(document.definitions[0]?.loc?.endToken).toBeUndefined();
  });

  it('a kept document still gives the location of an error in execution', async () => {
    const store = new KeptDocuments();
    const document = parse('{\n  kind\n}');
    await store.set('document', document);
    const rootValue = {
      kind: () => {
        throw new GraphQLError('no');
      },
    };
    const { errors } = await execute({ schema: buildSchema('type Query { kind: Int }'), document, rootValue });
    expect(errors?.[0]?.locations).toEqual([{ line: 2, column: 3 }]);
  });
});
