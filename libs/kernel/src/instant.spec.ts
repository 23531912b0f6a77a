import { parseInstant } from './instant.js';

describe('instants', () => {
  it.each([
    ['an offset that is not known', '2030-01-31T09:30:00-00:00', '2030-01-31T09:30:00.000Z'],
    ['ten digits of a fraction', '2030-01-31T09:30:00.1234567891Z', '2030-01-31T09:30:00.123Z'],
    ['forty digits of a fraction', `2030-01-31T09:30:00.${'9'.repeat(40)}Z`, '2030-01-31T09:30:00.999Z'],
    ['a leap day', '2028-02-29T00:00:00+14:00', '2028-02-28T10:00:00.000Z'],
  ])('an instant may have %s', (_, text, instant) => expect(parseInstant(text)?.toISOString()).toBe(instant));

  it.each([
    ['no digit of a fraction', '2030-01-31T09:30:00.Z'],
    ['a day that is not in the calendar', '2030-02-30T09:30:00-00:00'],
    ['an hour that is not on the clock', '2030-01-31T24:00:00.0000000000Z'],
    ['no offset', '2030-01-31T09:30:00'],
  ])('an instant is refused with %s', (_, text) => expect(parseInstant(text)).toBeUndefined());
});
