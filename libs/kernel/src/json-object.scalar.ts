import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';

export type JsonObject = Record<string, unknown>;

function parseValue(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new GraphQLError('JSONObject must be an object.');
  return value as JsonObject;
}

export const JSONObject = new GraphQLScalarType<JsonObject>({
  name: 'JSONObject',
  description: 'Any JSON object. At most 8 kB once serialised, depth 8, 100 keys.',
  serialize: parseValue,
  parseValue,
  parseLiteral: (node, variables) =>
    parseValue(node.kind === Kind.OBJECT ? valueFromASTUntyped(node, variables) : undefined),
});
