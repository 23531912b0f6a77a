import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { parseInstant } from '#kernel';

function parseValue(value: unknown): Date {
  const instant = typeof value === 'string' ? parseInstant(value) : undefined;
  if (!instant) throw new GraphQLError('DateTime must be RFC 3339 with an offset, such as "2030-01-31T09:30:00Z".');
  return instant;
}

/** The scalar for `Date` in code. Put it into `scalarsMap` of `buildSchemaOptions`. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description:
    'An instant. Input: RFC 3339 with an offset, such as `2030-01-31T09:30:00+01:00`. Output: always UTC with milliseconds.',
  serialize(value) {
    if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
    throw new TypeError('DateTime cannot represent a value that is no instant.');
  },
  parseValue,
  parseLiteral: (node) => parseValue(node.kind === Kind.STRING ? node.value : undefined),
});
