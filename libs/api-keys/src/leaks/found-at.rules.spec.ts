import { LIMITS } from '#kernel';
import { ApiKeyFormat } from '../keys/api-key.format.js';
import { foundAtOf } from './found-at.rules.js';

const format = new ApiKeyFormat('mktp', false);
const foundAt = (found: { url?: string | null; source?: string | null }) =>
  foundAtOf(found, (text) => format.withoutSecrets(text));

describe('place of a leaked key', () => {
  it.each([
    ['nothing was said', {}, null],
    ['both are null', { url: null, source: null }, null],
    ['both are blank', { url: ' \n', source: '\u2800' }, null],
    ['an address', { url: ' https://git.example/a/b \n' }, 'https://git.example/a/b'],
    ['a source', { source: 'commit' }, 'commit'],
    ['both', { url: 'https://git.example/a', source: 'commit' }, 'commit: https://git.example/a'],
    ['line breaks and controls', { url: 'a\r\nb\u0000c\u202ed\u2028e' }, 'a  b c d e'],
    ['half a surrogate pair', { url: 'a\ud83d' }, 'a\ufffd'],
  ])('the place where a leaked key was found is kept in a form that may be shown: %s', (_, found, expected) =>
    expect(foundAt(found)).toBe(expected),
  );

  it.each([1, 2])(
    'the place where a leaked key was found is cut to a bound, counted in characters of %i code units',
    (units) => {
      const sign = units === 1 ? 'x' : '\u{1f511}';
      const long = sign.repeat(10 * LIMITS.leakReports.foundAt);
      expect(foundAt({ url: long, source: long })).toBe(sign.repeat(LIMITS.leakReports.foundAt));
    },
  );

  it('the place where a leaked key was found never holds a key, nor half of a key where it is cut', () => {
    const key = format.mint('a tenant');
    const body = key.slice(9);
    for (const form of [key, key.replace('_', '%5F'), key.toUpperCase()]) {
      const shown = foundAt({ url: `https://git.example/?key=${form}#L1` }) ?? '';
      expect(shown).toMatch(/^https:\/\/git\.example\/\?key=mktp(_|%5f)[\w]{4}…#L1$/i);
    }
    for (let length = LIMITS.leakReports.foundAt - 80; length < LIMITS.leakReports.foundAt + 80; length++)
      expect(foundAt({ url: `${'x'.repeat(length)} ${key}` })).not.toContain(body.slice(0, 8));
  });
});
