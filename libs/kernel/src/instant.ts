import type { Refusable } from './invalid-input.js';

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/**
 * Parses an instant from `text`: RFC 3339 with an offset. Digits beyond the millisecond are cut off. Undefined unless the date is
 * in the calendar, the time is on the clock and the offset exists. `Date` alone would turn 30 February into 2 March.
 */
export function parseInstant(text: string): Date | undefined {
  const match = RFC_3339.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHour = '0', offsetMinute = '0'] = match;
  if (Number(offsetHour) > 14 || Number(offsetMinute) > 59) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const local = new Date(0);
  local.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const isInCalendar = local.getUTCMonth() === Number(month) - 1 && local.getUTCDate() === Number(day);
  if (!isInCalendar || Number(year) === 0) return undefined;
  local.setUTCHours(Number(hour), Number(minute), Number(second), Number(fraction.slice(0, 3).padEnd(3, '0')));
  const offsetMs = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000 * (sign === '-' ? -1 : 1);
  return new Date(local.getTime() - offsetMs);
}

/** An instant whose year in UTC is between 1 and 9999: the offset can move an instant out of these years. */
export function readInstant(input: Refusable<Date>): Date {
  const year = input.value.getUTCFullYear();
  if (year < 1 || year > 9999) input.refuse('OUT_OF_RANGE', 'must be in the years 1 to 9999 (UTC).');
  return input.value;
}
