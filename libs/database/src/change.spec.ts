import { changeOf } from './change.js';

it.each([
  ['key:a', { kind: 'key', names: new Set(['a']) }],
  ['user:a,b', { kind: 'user', names: new Set(['a', 'b']) }],
  ['tenant:a', { kind: 'tenant', names: new Set(['a']) }],
])('%s names what has changed', (payload, change) => expect(changeOf(payload)).toEqual(change));

it.each(['all', '', 'key', 'key:', 'device:a', ':a'])('%p may mean anything, and is taken for everything', (payload) =>
  expect(changeOf(payload)).toEqual({ kind: 'all' }),
);
