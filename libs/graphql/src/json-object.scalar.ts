import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { exactNumber, type JsonObject } from '#kernel';

function parseValue(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new GraphQLError('JSONObject must be an object.');
  return value as JsonObject;
}

type Variables = Readonly<Record<string, unknown>> | null | undefined;

/** A literal as JSON would give the value. A member whose variable was not given is left out. */
function valueOf(node: ValueNode, variables: Variables): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.INT:
    case Kind.FLOAT:
      return exactNumber(node.value);
    case Kind.LIST:
      return node.values.map((value) => valueOf(value, variables));
    case Kind.OBJECT: {
      const members = node.fields.map(({ name, value }) => [name.value, valueOf(value, variables)] as const);
      return Object.fromEntries(members.filter(([, member]) => member !== undefined));
    }
    case Kind.VARIABLE:
      return variables?.[node.name.value];
    default:
      return node.value;
  }
}

export const JSONObject = new GraphQLScalarType<JsonObject>({
  name: 'JSONObject',
  description: 'Any JSON object. At most 8 kB once serialised, depth 8, 100 keys.',
  serialize: parseValue,
  parseValue,
  parseLiteral: (node, variables) => parseValue(node.kind === Kind.OBJECT ? valueOf(node, variables) : undefined),
});
