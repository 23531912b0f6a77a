import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { parseInstant } from '#kernel';

function parseValue(value: unknown): Date {
  const instant = typeof value === 'string' ? parseInstant(value) : undefined;
  if (!instant) throw new GraphQLError('DateTime must be RFC 3339 with an offset, such as "2030-01-31T09:30:00Z".');
  return instant;
}

const PAIRS = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));
const pair = (number: number) => PAIRS[number] ?? '';

/** `toISOString` takes three times as long, and a page of rows with its instants is a frequent answer. */
function textOf(instant: Date): string {
  const year = instant.getUTCFullYear();
  if (year < 1_000 || year > 9_999) return instant.toISOString();
  const date = `${year}-${pair(instant.getUTCMonth() + 1)}-${pair(instant.getUTCDate())}`;
  const time = `${pair(instant.getUTCHours())}:${pair(instant.getUTCMinutes())}:${pair(instant.getUTCSeconds())}`;
  return `${date}T${time}.${String(instant.getUTCMilliseconds()).padStart(3, '0')}Z`;
}

/** The scalar for `Date` in code. Put it into `scalarsMap` of `buildSchemaOptions`. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description:
    'An instant. Input: RFC 3339 with an offset, such as `2030-01-31T09:30:00+01:00`. Output: always UTC with milliseconds.',
  serialize(value) {
    if (value instanceof Date && !Number.isNaN(value.getTime())) return textOf(value);
    throw new TypeError('DateTime cannot represent a value that is no instant.');
  },
  parseValue,
  parseLiteral: (node) => parseValue(node.kind === Kind.STRING ? node.value : undefined),
});
