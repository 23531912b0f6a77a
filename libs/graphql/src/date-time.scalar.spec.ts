import * as fc from 'fast-check';
import { DateTime } from './date-time.scalar.js';

describe('DateTime', () => {
  it('an instant is written as ISO 8601 in UTC with milliseconds, in any year', () => {
    const instant = fc.oneof(
      fc.date({ noInvalidDate: true }),
      fc.integer({ min: 0, max: 4e12 }).map((ms) => new Date(ms)),
    );
    fc.assert(fc.property(instant, (instant) => expect(DateTime.serialize(instant)).toBe(instant.toISOString())));
  });

  it.each([
    ['the first instant of the year 1000', '1000-01-01T00:00:00.000Z'],
    ['the last instant of the year 999', '0999-12-31T23:59:59.999Z'],
    ['the last instant of the year 9999', '9999-12-31T23:59:59.999Z'],
    ['a year of six digits', '+010000-01-01T00:00:00.000Z'],
    ['a leap day', '2028-02-29T23:59:59.009Z'],
  ])('%s is written as ISO 8601', (_, text) => expect(DateTime.serialize(new Date(text))).toBe(text));

  it.each([[new Date(NaN)], ['2028-02-29T00:00:00Z'], [0], [Infinity]])('%p is no instant', (value) =>
    expect(() => DateTime.serialize(value)).toThrow(TypeError),
  );
});
