import * as fc from 'fast-check';
import { exactNumber } from './exact-number.js';

describe('exact numbers', () => {
  it.each(['0', '0.0', '1.50', '1e2', '1E+2', '100e-2', '0.1', '5e-324', '1.7976931348623157e308', '-2.5'])(
    'the number %s is kept exactly',
    (text) => expect(exactNumber(text)).toBe(Number(text)),
  );

  it.each(['1e-400', '1e400', '0.1000000000000000055', '12345678901234567.5', '3.14159265358979323846', '4e-324'])(
    'the text %s gives NaN, as it would become another number',
    (text) => expect(exactNumber(text)).toBeNaN(),
  );

  it('a number that this process has written is kept', () => {
    fc.assert(
      fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (value) => {
        expect(exactNumber(JSON.stringify(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});
