import { Input, InvalidInput } from '#kernel';
import type { KeyPolicy } from './key-policy.rules.js';
import { type PolicyChange, readPolicyChange } from './policy-change.rules.js';

const CATALOGUE = { isKnown: (scope: string) => scope !== '?', suggestionsFor: () => ['a'] };
const read = (change: PolicyChange) =>
  Input.argument('input', change).read((input) => readPolicyChange(input, CATALOGUE));

it.each<[string, PolicyChange, Partial<KeyPolicy>]>([
  ['no member', {}, {}],
  ['a number', { maxLifetimeDays: 30 }, { maxLifetimeDays: 30 }],
  ['a number that is cleared', { maxKeysPerOwner: null }, { maxKeysPerOwner: null }],
  ['a required expiry', { requireExpiry: true }, { requireExpiry: true }],
  ['a longest overlap of nothing', { maxRotationOverlapSeconds: 0 }, { maxRotationOverlapSeconds: 0 }],
  ['scopes', { allowedScopes: ['b', 'a'] }, { allowedScopes: ['b', 'a'] }],
  ['scopes that are cleared', { allowedScopes: null }, { allowedScopes: null }],
  ['networks', { allowedCidrs: ['2001:DB8::/32'] }, { allowedCidrs: ['2001:db8::/32'] }],
  ['networks that are cleared', { allowedCidrs: null }, { allowedCidrs: [] }],
])('a change of a policy with %s changes nothing else', (_, change, expected) => {
  expect(read(change)).toEqual(expected);
});

it('a change of a policy reports all of its problems at once', () => {
  const change = {
    maxLifetimeDays: 0,
    maxInactiveDays: 3_651,
    requireExpiry: null,
    allowedScopes: ['a', '?'],
    allowedCidrs: ['10.0.0.1/8'],
    maxKeysPerOwner: 0,
    maxRotationOverlapSeconds: null,
  };
  const problem = (code: string, ...path: (string | number)[]) =>
    expect.objectContaining({ code, path: ['input', ...path] });
  const problems = [
    problem('REQUIRED', 'requireExpiry'),
    problem('REQUIRED', 'maxRotationOverlapSeconds'),
    problem('OUT_OF_RANGE', 'maxLifetimeDays'),
    problem('OUT_OF_RANGE', 'maxInactiveDays'),
    problem('OUT_OF_RANGE', 'maxKeysPerOwner'),
    problem('UNKNOWN_SCOPE', 'allowedScopes', 1),
    problem('MALFORMED', 'allowedCidrs', 0),
  ];
  expect(() => read(change)).toThrow(InvalidInput);
  expect(() => read(change)).toThrow(expect.objectContaining({ problems }));
});
