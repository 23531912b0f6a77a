import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';
import type { JsonObject } from '#kernel';

function parseValue(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new GraphQLError('JSONObject must be an object.');
  return value as JsonObject;
}

/** graphql-js makes objects without a prototype, which equal no others, and members of variables that were not given. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member)]));
}

export const JSONObject = new GraphQLScalarType<JsonObject>({
  name: 'JSONObject',
  description: 'Any JSON object. At most 8 kB once serialised, depth 8, 100 keys.',
  serialize: parseValue,
  parseValue,
  parseLiteral: (node, variables) =>
    parseValue(node.kind === Kind.OBJECT ? plain(valueFromASTUntyped(node, variables)) : undefined),
});
