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

/** The largest size that an operation can have, whatever its variables. Kept as long as the document. */
const largestSizes = new WeakMap<OperationDefinitionNode, OperationSize>();

/**
 * Every limit that the operation exceeds. Empty: the operation may run. An operation seen before is not measured again, unless
 * the size of its pages depends on its variables.
 *
 * Runs after validation. The token limit alone bounds the time of validation: the worst document of 2,000 tokens, one field
 * written 500 times, takes about 50 ms.
 * @param document a validated document
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
