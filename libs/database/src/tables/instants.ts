import { type CustomTypesConfig, types } from 'pg';

/** The ORM makes the pool return instants as text. */
export const INSTANTS_AS_DATES: CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === types.builtins.TIMESTAMPTZ && format !== 'binary' ? dateOf : types.getTypeParser(oid, format),
};

/** Sessions are in UTC. In the years 1000 to 9999 each digit has its place: `2026-11-29 08:00:00.123456+00`. */
const UTC_TEXT = /^[1-9]\d{3}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/;
const ZONE_LENGTH = '+00'.length;
const slowlyParsed = types.getTypeParser(types.builtins.TIMESTAMPTZ) as (text: string) => unknown;

/**
 * The driver's own parser, and that of `Date` too, take most of the time in which a list is read.
 * @param text an instant as PostgreSQL prints it
 * @returns a `Date`, cut to milliseconds; `Infinity` or `-Infinity` for an infinite instant
 */
export function dateOf(text: string): unknown {
  if (!UTC_TEXT.test(text)) return slowlyParsed(text);
  const year = 100 * pairAt(text, 0) + pairAt(text, 2);
  const [month, day] = [pairAt(text, 5), pairAt(text, 8)];
  const [hours, minutes, seconds] = [pairAt(text, 11), pairAt(text, 14), pairAt(text, 17)];
  return new Date(Date.UTC(year, month - 1, day, hours, minutes, seconds, millisecondsOf(text)));
}

const digitAt = (text: string, index: number) => text.charCodeAt(index) - 48;
const pairAt = (text: string, index: number) => 10 * digitAt(text, index) + digitAt(text, index + 1);

/** Up to six digits follow the point. */
function millisecondsOf(text: string): number {
  const end = text.length - ZONE_LENGTH;
  let milliseconds = 0;
  for (let index = 20, weight = 100; weight >= 1 && index < end; index++, weight /= 10)
    milliseconds += weight * digitAt(text, index);
  return milliseconds;
}
