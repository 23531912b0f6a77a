import type { Mutant } from './mutants.js';

const GUARD = 'libs/api-keys/src/guard';
const GRAPHQL = 'apps/portal/src/graphql';
const SPEC = 'test/e2e/fast-path.property.spec.ts';

/** Defects of the path that answers beside Apollo Server. */
export const FAST_PATH_MUTANTS: readonly Mutant[] = [
  {
    defect: 'the fast path asks no gate',
    file: `${GUARD}/admission-at-once.ts`,
    from: 'if (this.gate.refusalsIn(needs, principal).length > 0) return false;',
    to: '',
    spec: SPEC,
  },
  {
    defect: 'a request that the fast path leaves is counted as two uses',
    file: `${GUARD}/use-recorder.plugin.ts`,
    from: ' || countedBefore(req)',
    to: '',
    spec: SPEC,
    only: 'are counted alike',
  },
  {
    defect: 'a request that the fast path leaves takes two units of its rate',
    file: `${GUARD}/rate-limit.plugin.ts`,
    from: 'counted ? counted.rate : await limiter.consumeOf(principal)',
    to: 'await limiter.consumeOf(principal)',
    spec: SPEC,
    only: 'are counted alike',
  },
  {
    defect: 'a refused credential is verified and counted twice',
    file: `${GUARD}/request-authenticator.ts`,
    from: 'this.underWay.set(request, refused);',
    to: '',
    spec: SPEC,
    only: 'attempts are counted once',
  },
  {
    defect: 'the fast path runs another operation than the request names',
    file: `${GRAPHQL}/fast-path.ts`,
    from: 'if (operationName != null && operationName !== compiled.operation.name?.value) return undefined;',
    to: '',
    spec: SPEC,
    only: 'a name that the document does not have',
  },
  {
    defect: 'no query is compiled, because kept documents have no tokens',
    file: `${GRAPHQL}/compiled-operations.ts`,
    from: 'compileQuery(schema, withPositions(document),',
    to: 'compileQuery(schema, document,',
    spec: 'test/e2e/compiled-operations.property.spec.ts',
    only: 'from its kept document',
  },
  {
    defect: 'all requests that waited for one lookup are executed in the same turn of the event loop',
    file: `${GRAPHQL}/turn-budget.ts`,
    from: 'mostMs = MOST_MS',
    to: 'mostMs = Infinity',
    spec: 'test/faults/hostile-memory.spec.ts',
    only: 'waited for the same lookup',
  },
];
