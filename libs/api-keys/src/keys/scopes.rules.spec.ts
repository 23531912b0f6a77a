import { Input, InvalidInput } from '#kernel';
import { checkScopeList, checkScopes } from './scopes.rules.js';

const CEILING = {
  isKnown: (scope: string) => /^[a-z]\d*$/.test(scope),
  suggestionsFor: () => ['a'],
  isGrantable: (scope: string) => scope !== 'x',
};
const many = (count: number) => Array.from({ length: count }, (_, n) => `a${n}`);

function problemsOf(scopes: string[], check: (input: Input<string[]>) => unknown): string[] {
  try {
    Input.argument('scopes', scopes).read(check);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.problems.map(({ path, code }) => `${code} at ${path.join('.')}`);
  }
}

it.each<[string, string[], string[]]>([
  ['one scope', ['a'], []],
  ['no scope', [], ['TOO_SHORT at scopes']],
  ['as many scopes as are allowed', many(50), []],
  ['one scope more than is allowed', many(51), ['TOO_MANY at scopes']],
  ['a scope named twice', ['a', 'b', 'a'], ['DUPLICATE at scopes.2']],
  ['an unknown scope', ['a', '?'], ['UNKNOWN_SCOPE at scopes.1']],
  ['an unknown scope named twice', ['?', '?'], ['DUPLICATE at scopes.1', 'UNKNOWN_SCOPE at scopes.0']],
  ['a scope above the caller', ['x', 'a'], ['SCOPE_NOT_GRANTABLE at scopes.0']],
])('a new key with %s has these problems of scopes', (_, scopes, expected) => {
  expect(problemsOf(scopes, (input) => checkScopes(input, CEILING))).toEqual(expected);
});

it('an unknown scope comes with suggestions', () => {
  const check = () => Input.argument('scopes', ['?']).read((input) => checkScopes(input, CEILING));
  expect(check).toThrow(expect.objectContaining({ problems: [expect.objectContaining({ suggestions: ['a'] })] }));
});

it('the check of a list of scopes alone accepts unknown scopes', () => {
  expect(problemsOf(['?'], checkScopeList)).toEqual([]);
});
