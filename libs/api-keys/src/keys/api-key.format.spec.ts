import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { ApiKeyFormat, hashKey } from './api-key.format.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const format = new ApiKeyFormat('mktp', false);
const legacy = new ApiKeyFormat('mktp', true);

describe('minted keys', () => {
  it('a minted key is well formed, for any prefix', () => {
    const prefix = fc.stringMatching(/^[a-z][a-z0-9]{1,11}$/);
    fc.assert(
      fc.property(prefix, (prefix) => {
        const own = new ApiKeyFormat(prefix, false);
        const key = own.mint();
        expect(key).toMatch(new RegExp(`^${prefix}_[0-9A-Za-z]{49}$`));
        expect(own.isWellFormed(key)).toBe(true);
        expect(own.shownPrefixOf(key)).toBe(key.slice(0, prefix.length + 5));
      }),
    );
  });

  it('a minted key ends in the CRC-32 of everything before it, in base62', () => {
    const key = format.mint();
    const checksum = Array.from(key.slice(-6)).reduce((sum, letter) => sum * 62 + ALPHABET.indexOf(letter), 0);
    expect(checksum).toBe(crc32(key.slice(0, -6)));
  });

  it('a minted key is never minted twice, and favours no letter in any place', () => {
    const keys = Array.from({ length: 20_000 }, () => format.mint());
    expect(new Set(keys).size).toBe(keys.length);
    const expected = keys.length / ALPHABET.length;
    for (let place = 5; place < 48; place++) {
      const counts = new Map<string, number>();
      for (const key of keys) counts.set(key.charAt(place), (counts.get(key.charAt(place)) ?? 0) + 1);
      const chiSquare = [...ALPHABET].reduce(
        (sum, letter) => sum + ((counts.get(letter) ?? 0) - expected) ** 2 / expected,
        0,
      );
      // 61 degrees of freedom: 140 is passed by chance once in 20 million; a remainder of 256 / 62 would make some 300.
      expect(chiSquare).toBeLessThan(140);
    }
  });
});

describe('malformed keys', () => {
  it('a minted key with any one letter changed, dropped or added is not well formed', () => {
    const place = fc.nat({ max: 53 });
    const letter = fc.constantFrom(...ALPHABET, '_', '-', ' ', 'é', '\n');
    fc.assert(
      fc.property(place, letter, (place, letter) => {
        const key = format.mint();
        const [before, after] = [key.slice(0, place), key.slice(place + 1)];
        fc.pre(key.charAt(place) !== letter);
        expect(format.isWellFormed(before + letter + after)).toBe(false);
        expect(format.isWellFormed(before + after)).toBe(false);
        expect(format.isWellFormed(before + letter + key.slice(place))).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it('arbitrary text is not a well-formed key', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(format.isWellFormed(text)).toBe(false)));
  });

  it.each([
    ['empty', ''],
    ['another prefix', new ApiKeyFormat('other', false).mint()],
    ['another case', format.mint().toUpperCase()],
    ['a line end', `${format.mint()}\n`],
    ['the shape of the replaced system', `mktp_${'A-_z'.repeat(11).slice(0, 43)}`],
  ])('this text is not a well-formed key: %s', (_, text) => expect(format.isWellFormed(text)).toBe(false));
});

it('a key of the replaced system is well formed where it is accepted', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9A-Za-z_-]{43}$/), (secret) => {
      expect(legacy.isWellFormed(`mktp_${secret}`)).toBe(true);
      expect(format.isWellFormed(`mktp_${secret}`)).toBe(false);
    }),
  );
});

it.each(['', 'a', 'A1', '1a', 'with_line', 'thirteenchars'])('the prefix %p is refused', (prefix) => {
  expect(() => new ApiKeyFormat(prefix, false)).toThrow(RangeError);
});

it('the hash of a key is SHA-256 in lower-case hex', () => {
  expect(hashKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
