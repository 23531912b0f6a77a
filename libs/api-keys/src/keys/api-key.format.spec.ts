import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { ApiKeyFormat, hashKey } from './api-key.format.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const TENANT = '0196f3a2-7c1e-7b44-9d55-3f0c2a6e8b11';
const format = new ApiKeyFormat('mktp', false);
const routing = new ApiKeyFormat('mktp', false, true);
const legacy = new ApiKeyFormat('mktp', true);
/** Both forms of a key: the letters before the random part, and what mints the form. */
const FORMS = [
  { letters: 0, minting: format },
  { letters: 2, minting: routing },
];
const base62 = fc.constantFrom(...ALPHABET);

/** The chi-square of the letters in this place of the texts, with 61 degrees of freedom. */
function chiSquareAt(texts: readonly string[], place: number): number {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text.charAt(place), (counts.get(text.charAt(place)) ?? 0) + 1);
  const expected = texts.length / ALPHABET.length;
  return [...ALPHABET].reduce((sum, letter) => sum + ((counts.get(letter) ?? 0) - expected) ** 2 / expected, 0);
}

function withChecksum(body: string): string {
  let checksum = '';
  for (let rest = crc32(body); checksum.length < 6; rest = Math.floor(rest / 62))
    checksum = ALPHABET.charAt(rest % 62) + checksum;
  return body + checksum;
}

describe.each(FORMS)('minted keys with $letters routing letters', ({ letters, minting }) => {
  it('a minted key is well formed for every instance, for any prefix', () => {
    const prefix = fc.stringMatching(/^[a-z][a-z0-9]{1,11}$/);
    fc.assert(
      fc.property(prefix, fc.uuid(), (prefix, tenant) => {
        const key = new ApiKeyFormat(prefix, false, letters > 0).mint(tenant);
        expect(key).toMatch(new RegExp(`^${prefix}_[0-9A-Za-z]{${letters + 49}}$`));
        for (const isRouting of [false, true])
          expect(new ApiKeyFormat(prefix, false, isRouting).isWellFormed(key)).toBe(true);
      }),
    );
  });

  it('a minted key ends in the CRC-32 of everything before it, in base62', () => {
    const key = minting.mint(TENANT);
    const checksum = Array.from(key.slice(-6)).reduce((sum, letter) => sum * 62 + ALPHABET.indexOf(letter), 0);
    expect(checksum).toBe(crc32(key.slice(0, -6)));
  });

  it('a minted key is never minted twice, and favours no letter in any of its 43 random places', () => {
    const keys = Array.from({ length: 20_000 }, () => minting.mint(TENANT));
    expect(new Set(keys).size).toBe(keys.length);
    // 140 is passed by chance once in 20 million; a remainder of 256 / 62 would make some 300.
    for (let place = 5 + letters; place < 48 + letters; place++) expect(chiSquareAt(keys, place)).toBeLessThan(140);
  });

  it('the shown part of a key has four random letters, and 39 stay hidden', () => {
    const key = minting.mint(TENANT);
    expect(minting.shownPrefixOf(key)).toBe(key.slice(0, 9 + letters));
    expect(format.shownPrefixOf(key)).toBe(key.slice(0, 9 + letters));
  });

  it('a key within a text is cut after four letters', () => {
    const key = minting.mint(TENANT);
    expect(minting.withoutSecrets(`?a=${key}&b=${key.replace('_', '%5f')}`)).toBe(
      `?a=${key.slice(0, 9)}…&b=mktp%5f${key.slice(5, 9)}…`,
    );
  });

  it('a text of the length of a key is like one', () => {
    for (const length of [54, 56]) expect(minting.isLike('x'.repeat(length))).toBe(true);
    for (const length of [53, 55, 57]) expect(minting.isLike('x'.repeat(length))).toBe(false);
  });
});

describe('routing letters', () => {
  const lettersOf = (tenant: string) => routing.mint(tenant).slice(5, 7);

  it.each([
    ['00000000-0000-4000-8000-000000000001', 'xo'],
    ['0196f3a2-7c1e-7b44-9d55-3f0c2a6e8b11', 'T8'],
    ['ffffffff-ffff-ffff-ffff-ffffffffffff', 'IK'],
  ])('the letters of a tenant never change, since keys carry them: %s has %s', (tenant, letters) => {
    expect(lettersOf(tenant)).toBe(letters);
    expect(lettersOf(tenant.toUpperCase())).toBe(letters);
  });

  it('all keys of a tenant have the same letters, whatever the prefix', () => {
    fc.assert(
      fc.property(fc.uuid(), (tenant) => {
        const other = new ApiKeyFormat('another', true, true);
        expect(other.mint(tenant).slice(8, 10)).toBe(lettersOf(tenant));
      }),
    );
  });

  it('tenants are spread evenly over 3,844 shards', () => {
    const tenants = Array.from({ length: 60_000 }, (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
    const shards = tenants.map(lettersOf);
    expect(new Set(shards).size).toBe(3_844);
    for (const place of [0, 1]) expect(chiSquareAt(shards, place)).toBeLessThan(140);
  });
});

describe('malformed keys', () => {
  it.each(FORMS)(
    'a key with $letters routing letters and any one letter changed, dropped or added is not well formed',
    ({ letters, minting }) => {
      const place = fc.nat({ max: 53 + letters });
      const letter = fc.oneof(base62, fc.constantFrom('_', '-', ' ', 'é', '\n'));
      fc.assert(
        fc.property(place, letter, (place, letter) => {
          const key = minting.mint(TENANT);
          const [before, after] = [key.slice(0, place), key.slice(place + 1)];
          fc.pre(key.charAt(place) !== letter);
          expect(format.isWellFormed(before + letter + after)).toBe(false);
          expect(format.isWellFormed(before + after)).toBe(false);
          expect(format.isWellFormed(before + letter + key.slice(place))).toBe(false);
        }),
        { numRuns: 1_000 },
      );
    },
  );

  it('a key of one form with two letters added or dropped is no key of the other form', () => {
    fc.assert(
      fc.property(fc.nat({ max: 49 }), base62, base62, (place, one, two) => {
        const [short, long] = [format.mint(TENANT), routing.mint(TENANT)];
        const at = 5 + place;
        expect(format.isWellFormed(short.slice(0, at) + one + two + short.slice(at))).toBe(false);
        expect(format.isWellFormed(long.slice(0, at) + long.slice(at + 2))).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it('a key has 43 or 45 letters before its checksum, and no other number', () => {
    const texts = Array.from({ length: 100 }, (_, length) => withChecksum(`mktp_${'x'.repeat(length)}`));
    const wellFormed = texts.filter((text) => format.isWellFormed(text));
    expect(wellFormed.map(({ length }) => length)).toEqual([54, 56]);
  });

  it('arbitrary text is not a well-formed key', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(format.isWellFormed(text)).toBe(false)));
  });

  it.each([
    ['empty', ''],
    ['another prefix', new ApiKeyFormat('other', false).mint(TENANT)],
    ['another case', format.mint(TENANT).toUpperCase()],
    ['a line end', `${format.mint(TENANT)}\n`],
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
