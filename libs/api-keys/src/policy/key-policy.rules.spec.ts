import { Input, InvalidInput } from '#kernel';
import { checkPolicy, DEFAULT_POLICY, type KeyPolicy, type KeyTerms } from './key-policy.rules.js';

const CREATED = new Date('2030-01-01T00:00:00.000Z');
const after = (ms: number) => new Date(CREATED.getTime() + ms);
const DAY_MS = 86_400_000;

/** The broken rules of a policy, each with the path of the value that breaks the rule. */
function brokenRules(policy: KeyPolicy, terms: KeyTerms): string[] {
  const input = new Input(terms);
  checkPolicy(input, policy, CREATED);
  try {
    input.throwIfRefused();
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.problems.map(({ rule, path }) => `${rule} at ${path.join('.')}`);
  }
}

it.each<[string, Partial<KeyPolicy>, KeyTerms, string[]]>([
  ['everything under no policy', {}, { scopes: ['a'], expiresAt: null, allowedCidrs: ['0.0.0.0/0'] }, []],
  ['an expiry that is required', { requireExpiry: true }, { expiresAt: after(1) }, []],
  ['no expiry', { requireExpiry: true }, { expiresAt: null }, ['requireExpiry at expiresAt']],
  ['an expiry that is not looked at', { requireExpiry: true, maxLifetimeDays: 1 }, {}, []],
  ['the last instant of a life', { maxLifetimeDays: 30 }, { expiresAt: after(30 * DAY_MS) }, []],
  [
    'an instant later',
    { maxLifetimeDays: 30 },
    { expiresAt: after(30 * DAY_MS + 1) },
    ['maxLifetimeDays at expiresAt'],
  ],
  ['no expiry under a greatest age', { maxLifetimeDays: 30 }, { expiresAt: null }, []],
  ['scopes that are allowed', { allowedScopes: ['a', 'b'] }, { scopes: ['b', 'a'] }, []],
  [
    'scopes that are not',
    { allowedScopes: ['a'] },
    { scopes: ['b', 'a', 'c'] },
    ['allowedScopes at scopes.0', 'allowedScopes at scopes.2'],
  ],
  ['from anywhere', { allowedCidrs: ['10.0.0.0/8'] }, { allowedCidrs: [] }, []],
  [
    'a network that reaches out',
    { allowedCidrs: ['10.0.0.0/8'] },
    { allowedCidrs: ['10.0.0.0/8', '10.0.0.0/7'] },
    ['allowedCidrs at allowedCidrs.1'],
  ],
])('%s breaks exactly the expected rules of a policy', (_, policy, terms, expected) => {
  expect(brokenRules({ ...DEFAULT_POLICY, ...policy }, terms)).toEqual(expected);
});

it('the policy adds no second problem to a member that already has one', () => {
  const terms = Input.argument('input', { scopes: ['a', 'b'] });
  terms.at('scopes').items()[1]?.refuse('UNKNOWN_SCOPE', 'is not a known scope.');
  checkPolicy(terms, { ...DEFAULT_POLICY, allowedScopes: [] }, CREATED);
  const thrown = () => terms.throwIfRefused();
  expect(thrown).toThrow(InvalidInput);
  expect(thrown).toThrow(
    expect.objectContaining({
      problems: [
        expect.objectContaining({ path: ['input', 'scopes', 1], code: 'UNKNOWN_SCOPE' }),
        expect.objectContaining({ path: ['input', 'scopes', 0], code: 'POLICY_VIOLATION', rule: 'allowedScopes' }),
      ],
    }),
  );
});
