import { isRotating, isSettled, type Secrets, stateOfSecret } from './secrets.rules.js';

const NOW = new Date('2030-01-01T00:00:00.000Z');
const after = (ms: number) => new Date(NOW.getTime() + ms);
const NEVER_ROTATED: Secrets = {
  secretNumber: 1,
  previousSecretNumber: null,
  previousExpiresAt: null,
  newFirstUsedAt: null,
};
const ROTATED: Secrets = { ...NEVER_ROTATED, secretNumber: 3, previousSecretNumber: 2, previousExpiresAt: after(1) };
const OVER: Secrets = { ...ROTATED, previousExpiresAt: NOW };

it.each([
  ['the only secret', NEVER_ROTATED, 1, 'CURRENT'],
  ['the newest secret', ROTATED, 3, 'CURRENT'],
  ['the newest secret after the overlap', OVER, 3, 'CURRENT'],
  ['the secret before it, a millisecond before the overlap ends', ROTATED, 2, 'PREVIOUS'],
  ['the secret before it, from the end of the overlap on', OVER, 2, 'ENDED'],
  ['a secret of an earlier rotation', ROTATED, 1, 'ENDED'],
  ['a secret that is yet to be made', ROTATED, 4, 'ENDED'],
] as const)('%s of a key has its state', (_, key, number, expected) => {
  expect(stateOfSecret(key, number, NOW)).toBe(expected);
});

it.each([
  ['never rotated', NEVER_ROTATED, false],
  ['within an overlap', ROTATED, true],
  ['at the end of an overlap', OVER, false],
])('a key that is %s is opened by one or two secrets', (_, key, expected) => {
  expect(isRotating(key, NOW)).toBe(expected);
});

it.each([
  ['never rotated', NEVER_ROTATED, true],
  ['within an overlap, its new secret not used yet', ROTATED, false],
  ['within an overlap, its new secret used', { ...ROTATED, newFirstUsedAt: NOW }, true],
  ['after an overlap, its new secret not used yet', OVER, true],
])('the rotation of a key that is %s is or is not settled', (_, key, expected) => {
  expect(isSettled(key, NOW)).toBe(expected);
});
