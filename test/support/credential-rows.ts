import { createHash } from 'node:crypto';
import { unknownKey } from './unknown-key.js';

export interface CredentialFacts {
  /** A good key with every scope. */
  key: string;
  /** A good key of another tenant. */
  other: string;
  /** A good session token. */
  session: string;
}

/** Lines of a request, as latin-1, and its outcome as `<status> <reason>`. */
export type CredentialRow = [
  id: string,
  what: string,
  lines: (facts: CredentialFacts) => string[],
  outcome: string,
  /** Lookups of keys that it costs. */
  lookups?: number,
];

const OK = '200';
const MISSING = '401 MISSING_CREDENTIAL';
const NO_KEY = '401 INVALID_KEY';
const NO_SESSION = '401 INVALID_SESSION';
const AMBIGUOUS = '400 AMBIGUOUS_CREDENTIALS';
/** No HTTP: Node's parser refuses it. */
const NO_HTTP = '400';
const TOO_LARGE = '431';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const utf8 = (text: string) => Buffer.from(text).toString('latin1');
const sha256 = (text: string) => createHash('sha256').update(text);
const otherThan = (letter: string) => (letter === '0' ? '1' : '0');
const flipped = (text: string) =>
  text.replace(/[a-z]/gi, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()));

/** One Authorization header of this value. */
const authorization =
  (value: (facts: CredentialFacts) => string): CredentialRow[2] =>
  (facts) => [`authorization: ${value(facts)}`];
/** The same with a Bearer token. */
const bearer = (token: (key: string) => string): CredentialRow[2] => authorization(({ key }) => `Bearer ${token(key)}`);
const tokens = (id: string, outcome: string, ...given: string[]): CredentialRow[] =>
  given.map((token) => [id, token === '' ? 'nothing' : token, bearer(() => token), outcome]);

const SHAPES: CredentialRow[] = [
  ['A1', 'no credential', () => [], MISSING],
  ['A3', 'an empty Authorization', authorization(() => ''), MISSING],
  ['A3', 'both headers empty', () => ['authorization:', 'x-api-key:'], MISSING],
  ['A4', 'a scheme alone', authorization(() => 'Bearer'), MISSING],
  ['A4', 'a scheme and spaces', authorization(() => 'Bearer      '), MISSING],
  ['A4', 'X-API-Key beside a scheme alone', ({ key }) => [`x-api-key: ${key}`, 'authorization: bearer'], OK],
  ['A4', 'another scheme alone', authorization(() => 'Basic'), NO_SESSION],
  ['A5', 'bearer', authorization(({ key }) => `bearer ${key}`), OK],
  ['A5', 'BEARER', authorization(({ key }) => `BEARER ${key}`), OK],
  ['A6', 'two spaces', authorization(({ key }) => `Bearer  ${key}`), OK],
  ['A6', 'spaces behind', authorization(({ key }) => `Bearer ${key}   `), OK],
  ['A6', 'a tab behind', authorization(({ key }) => `Bearer ${key}\t`), OK],
  ['A7', 'a tab between', authorization(({ key }) => `Bearer\t${key}`), NO_SESSION],
  ['A8', 'something behind', bearer((key) => `${key} extra`), AMBIGUOUS],
  ['A8', 'two in one', authorization(({ key, other }) => `Bearer ${key},Bearer ${other}`), AMBIGUOUS],
  ['A8', 'a parameter behind', bearer((key) => `${key};x=1`), AMBIGUOUS],
  ['A8', 'garbage before', bearer((key) => `x, ${key}`), AMBIGUOUS],
  ['A8', 'a session and a key in one', authorization(({ key, session }) => `Bearer ${session} ${key}`), AMBIGUOUS],
  ['A8', 'two in X-API-Key', ({ key, other }) => [`x-api-key: ${key} ${other}`], AMBIGUOUS],
  ['A9', 'no scheme', authorization(({ key }) => key), NO_SESSION],
  ['A9', 'Token', authorization(({ key }) => `Token ${key}`), NO_SESSION],
  ['A9', 'ApiKey', authorization(({ key }) => `ApiKey ${key}`), NO_SESSION],
  ['A10', 'Basic, as user', authorization(({ key }) => `Basic ${base64(`${key}:`)}`), NO_SESSION],
  ['A10', 'Basic, as password', authorization(({ key }) => `Basic ${base64(`:${key}`)}`), NO_SESSION],
  ['A11', 'twice, garbage last', ({ key }) => [`authorization: Bearer ${key}`, 'authorization: Bearer x'], AMBIGUOUS],
  ['A12', 'twice, garbage first', ({ key }) => ['authorization: x', `authorization: Bearer ${key}`], AMBIGUOUS],
  [
    'A12',
    'two keys',
    ({ key, other }) => [`authorization: Bearer ${key}`, `authorization: Bearer ${other}`],
    AMBIGUOUS,
  ],
  ['A12', 'one key twice', ({ key }) => [`x-api-key: ${key}`, `x-api-key: ${key}`], AMBIGUOUS],
  ['A12', 'one key in both headers', ({ key }) => [`authorization: Bearer ${key}`, `x-api-key: ${key}`], AMBIGUOUS],
  ['A14', 'X-API-Key', ({ key }) => [`x-api-key: ${key}`], OK],
  ['A14', 'X-API-Key beside an empty Authorization', ({ key }) => [`x-api-key: ${key}`, 'authorization:'], OK],
  ['A14', 'a cookie', ({ key }) => [`cookie: authorization=Bearer ${key}; x-api-key=${key}`], MISSING],
  ['A14', 'Proxy-Authorization', ({ key }) => [`proxy-authorization: Bearer ${key}`], MISSING],
  [
    'A45',
    'a good key, and a session in a cookie',
    ({ key, session }) => [`x-api-key: ${key}`, `cookie: s=${session}`],
    OK,
  ],
  [
    'A45',
    'a bad key, and a session in a cookie',
    ({ session }) => ['x-api-key: mktp_bad', `cookie: s=${session}`],
    NO_KEY,
  ],
  [
    'A45',
    'a bad key, and a session in another header',
    ({ session }) => ['x-api-key: mktp_bad', `authorization: Bearer ${session}`],
    AMBIGUOUS,
  ],
];

const KEYS: CredentialRow[] = [
  ['A15', 'another last letter', bearer((key) => key.slice(0, -1) + otherThan(key.slice(-1))), NO_KEY],
  [
    'A15',
    'another letter within',
    bearer((key) => key.slice(0, 20) + otherThan(key.charAt(20)) + key.slice(21)),
    NO_KEY,
  ],
  ['A15', 'a letter of no alphabet', bearer((key) => `${key.slice(0, 10)}-${key.slice(11)}`), NO_KEY],
  ['A16', 'a key that nobody has', bearer(() => unknownKey()), NO_KEY, 1],
  ['A17', 'a letter less', bearer((key) => key.slice(0, -1)), NO_KEY],
  ['A17', 'a letter more', bearer((key) => `${key}0`), NO_KEY],
  ['A17', 'a letter less at the front', bearer((key) => key.slice(1)), NO_KEY],
  ['A17', 'two letters less at the front', bearer((key) => key.slice(2)), NO_KEY],
  ['A17', 'most of its prefix alone', bearer(() => 'mkt'), NO_KEY],
  ['A17', 'without its prefix', bearer((key) => key.slice(5)), NO_SESSION],
  ['A17', 'its length and alphabet', bearer((key) => `abcde${key.slice(5)}`), NO_KEY],
  ['A17', 'doubled', bearer((key) => key + key), NO_KEY],
  ['A18', 'the case of each letter flipped', bearer(flipped), NO_KEY],
  ['A18', 'the case flipped behind the prefix', bearer((key) => `mktp_${flipped(key.slice(5))}`), NO_KEY],
  ['A18', 'upper case', bearer((key) => key.toUpperCase()), NO_KEY],
  ['A18', 'upper case behind the prefix', bearer((key) => `mktp_${key.slice(5).toUpperCase()}`), NO_KEY],
  ['A19', 'percent-encoded', bearer((key) => key.replace('_', '%5F')), NO_KEY],
  ['A19', 'escaped for HTML', bearer((key) => key.replace('_', '&#95;')), NO_KEY],
  ['A19', 'in base64', bearer(base64), NO_SESSION],
  ['A20', 'a full-width underscore', bearer((key) => utf8(key.replace('_', '\uff3f'))), NO_KEY],
  ['A20', 'a Cyrillic letter', bearer((key) => utf8(key.replace('k', '\u043a'))), NO_SESSION],
  ['A20', 'a full-width letter at the end', bearer((key) => utf8(`${key.slice(0, -1)}\uff10`)), NO_KEY],
  ['A20', 'a no-break space behind', bearer((key) => `${key}\xa0`), NO_KEY],
  ['A21', 'bytes that are no UTF-8 behind', bearer((key) => `${key}\xff\xfe\xc3\x28`), NO_KEY],
  ['A21', 'bytes that are no UTF-8 alone', bearer(() => '\xff\xfe\xc3\x28'), NO_SESSION],
  ['A22', 'NUL', bearer((key) => `${key}\0`), NO_HTTP],
  ['A22', '0x01', bearer((key) => `\x01${key}`), NO_HTTP],
  ['A22', '0x7F', bearer((key) => `${key}\x7f`), NO_HTTP],
  ['A23', 'folded over two lines', bearer((key) => `\r\n ${key}`), NO_HTTP],
  ['A23', 'a space before the colon', ({ key }) => [`authorization : Bearer ${key}`], NO_HTTP],
  ['A23', 'a bare LF behind', bearer((key) => `${key}\nx: y`), NO_HTTP],
  ['A24', '4,000 letters', bearer(() => `mktp_${'a'.repeat(4_000)}`), NO_KEY],
  ['A24', '15 kB', bearer(() => `mktp_${'a'.repeat(15_000)}`), NO_KEY],
  ['A24', '15 kB without our prefix', bearer(() => 'a'.repeat(15_000)), NO_SESSION],
  ['A25', '20 kB', bearer(() => `mktp_${'a'.repeat(20_000)}`), TOO_LARGE],
  ['A25', '1,900 more headers', () => Array.from({ length: 1_900 }, (_, n) => `x-${1_000 + n}: y`), TOO_LARGE],
  ['A26', 'its hash', bearer((key) => sha256(key).digest('hex')), NO_SESSION],
  // One in 32,768 begins like a key.
  ['A26', 'its hash in base64', bearer((key) => sha256(key).digest('base64').replace(/^mkt/i, 'MIK')), NO_SESSION],
  ['A26', 'its hash behind our prefix', bearer((key) => `mktp_${sha256(key).digest('hex')}`), NO_KEY],
  ['A27', 'what is shown of it', bearer((key) => key.slice(0, 9)), NO_KEY],
  ['A27', 'what is shown of it, and *', bearer((key) => `${key.slice(0, 9)}*`), NO_KEY],
  ['A27', 'our prefix and *', bearer(() => 'mktp_*'), NO_KEY],
  ...tokens('A28', NO_SESSION, "' or 1=1 --", '%', '_', '\\', '${jndi:x}', '../../x'),
  ...tokens('A28', NO_KEY, "mktp_'or1=1--", 'mktp_%', 'mktp_${jndi:x}'),
  ...tokens('A29', NO_SESSION, 'null', 'undefined', '[object Object]', 'true', '0'),
];

export const CREDENTIAL_ROWS: readonly CredentialRow[] = [...SHAPES, ...KEYS];
