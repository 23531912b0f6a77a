import type { Mutant } from './mutants.ts';

const KEYS = 'libs/api-keys/src';

/** Defects in what requests share, and in the bounds of what a request can make the process keep. */
export const GUARD_MUTANTS: readonly Mutant[] = [
  {
    defect: 'a set of scopes can be given another method',
    file: 'libs/access/src/scope-set.ts',
    from: 'Object.freeze(this);',
    to: '',
    spec: 'test/e2e/principals.spec.ts',
    only: 'of a key',
  },
  {
    defect: 'all sets of scopes can be given another method',
    file: 'libs/access/src/scope-set.ts',
    from: 'Object.freeze(ScopeSet.prototype);',
    to: '',
    spec: 'test/e2e/principals.spec.ts',
    only: 'of a key',
  },
  {
    defect: "a key's rate can be changed by whom its principal is given to",
    file: `${KEYS}/limits/key-limits.rules.ts`,
    from: 'Object.freeze({ limit, windowSeconds })',
    to: '{ limit, windowSeconds }',
    spec: 'test/e2e/principals.spec.ts',
    only: 'raises its rate',
  },
  {
    defect: "a session's principal can be changed by whom it is given to",
    file: `${KEYS}/guard/request-authenticator.ts`,
    from: 'Object.freeze(principal)',
    to: 'principal',
    spec: 'test/e2e/principals.spec.ts',
    only: 'takes another role',
  },
];
