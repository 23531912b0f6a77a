import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { type QueryLimit, QueryTooComplex } from './query-too-complex.js';
import { LIMITS } from '#kernel';
import { type OperationSize, sizeOfOperation } from './operation-size.js';

const LIMIT_OF: Record<keyof OperationSize, [QueryLimit, number]> = {
  depth: ['DEPTH', LIMITS.depth],
  aliases: ['ALIASES', LIMITS.aliases],
  rootFields: ['ROOT_FIELDS', LIMITS.rootFields],
  directives: ['DIRECTIVES', LIMITS.directives],
  cost: ['COST', LIMITS.cost],
  nameLength: ['NAME_LENGTH', LIMITS.nameLength],
};

/** What an operation comes to at most, whatever its variables; kept as long as its document is. */
const largestSizes = new WeakMap<OperationDefinitionNode, OperationSize>();

/**
 * Every limit that the operation exceeds; empty: let it run. An operation met before is not measured again, unless
 * it depends on its variables whether its pages are too large together.
 *
 * Comes after validation, which would end in the limit on tokens alone: 2,000 of them keep its worst document, one
 * field written 500 times, within some 50 ms.
 * @param document a validated one
 */
export function limitsExceeded(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): readonly QueryTooComplex[] {
  let atMost = largestSizes.get(operation);
  if (!atMost) {
    atMost = sizeOfOperation(schema, document, operation);
    largestSizes.set(operation, atMost);
  }
  return exceededBy(atMost.cost > LIMITS.cost ? sizeOfOperation(schema, document, operation, variables) : atMost);
}

function exceededBy(size: OperationSize): QueryTooComplex[] {
  return (Object.keys(LIMIT_OF) as (keyof OperationSize)[]).flatMap((measure) => {
    const [reason, limit] = LIMIT_OF[measure];
    return size[measure] > limit ? new QueryTooComplex(reason, limit, size[measure]) : [];
  });
}
