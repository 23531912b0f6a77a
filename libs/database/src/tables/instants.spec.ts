import * as fc from 'fast-check';
import { dateOf } from './instants.js';

const printed = (instant: Date, digits: string) =>
  `${instant.toISOString().slice(0, 19).replace('T', ' ')}${digits === '' ? '' : `.${digits}`}+00`;

describe('instants as PostgreSQL prints them', () => {
  it('each instant of the years 1 to 9999 is read, cut to milliseconds', () => {
    const seconds = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    const digits = fc.stringMatching(/^(?:\d{0,5}[1-9])?$/);
    fc.assert(
      fc.property(seconds, digits, (instant, fraction) => {
        const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3));
        expect(dateOf(printed(instant, fraction))).toEqual(new Date(instant.setUTCMilliseconds(milliseconds)));
      }),
    );
  });

  it.each([
    ['infinity', Infinity],
    ['-infinity', -Infinity],
    ['0044-03-15 12:00:00+00 BC', new Date('-000043-03-15T12:00:00Z')],
    ['10000-01-01 00:00:00+00', new Date('+010000-01-01T00:00:00Z')],
  ])('%s is read as the driver reads it', (text, expected) => {
    expect(dateOf(text)).toEqual(expected);
  });
});
