import { invalidationOf } from './invalidation.js';

it.each([
  ['key:a', { kind: 'key', names: new Set(['a']) }],
  ['user:a,b', { kind: 'user', names: new Set(['a', 'b']) }],
  ['tenant:a', { kind: 'tenant', names: new Set(['a']) }],
])('the message %s names what has changed', (payload, change) => expect(invalidationOf(payload)).toEqual(change));

const hundred = Array.from({ length: 100 }, (_, index) => index).join();

it('the channel reads as many names as a trigger puts in one message', () =>
  expect(invalidationOf(`key:${hundred}`)).toMatchObject({ names: { size: 100 } }));

it.each(['all', '', 'key', 'key:', 'device:a', ':a', `key:${hundred},100`])(
  'the message %p is not understood, and counts as a change of everything',
  (payload) => expect(invalidationOf(payload)).toEqual({ kind: 'all' }),
);
