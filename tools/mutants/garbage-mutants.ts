import type { Mutant } from './mutants.ts';

const DATABASE = 'libs/database/src';
const GARBAGE = { spec: 'test/e2e/page-garbage.spec.ts' };

/** Defects by which the rows of an answered page stay until a full collection. */
export const GARBAGE_MUTANTS: readonly Mutant[] = [
  {
    ...GARBAGE,
    defect: 'the driver sets the callback on a query that is made already',
    file: `${DATABASE}/connections/contained-client.ts`,
    from: 'if (!isAwaited(parts))',
    to: 'if (parts.length > 0)',
  },
  {
    ...GARBAGE,
    defect: 'the end of a page is a getter of a literal',
    file: `${DATABASE}/lists/keyset.ts`,
    from: 'pageInfo: new PlacedPageInfo(edges, hasNextPage, hasPreviousPage),',
    to: 'pageInfo: { hasNextPage, hasPreviousPage, startCursor: null, get endCursor() { return edges.at(-1)?.cursor ?? null; } },',
  },
];
