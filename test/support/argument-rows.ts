import type { Answer } from './answer.js';
import { inSeconds } from './durations.js';

/** The expected outcome of a row of bad or odd arguments. */
export type Expected =
  /** Every answer with this code; `problem` is one of its problems, as `path:code`. */
  | { code: string; problem?: string; status?: number }
  /** The input is accepted. */
  | { ok: true };

/** The problems of an input, as `path:code`. */
export const problemsShown = ({ problemCodes }: Answer) => problemCodes.map((problem) => problem.join(':'));

export interface ArgumentRow {
  /** D1 to D63; CONTRIBUTING.md explains the letters. */
  id: string;
  what: string;
  input: Record<string, unknown>;
  expected: Expected;
}

const row = (id: string, what: string, input: Record<string, unknown>, expected: Expected): ArgumentRow => ({
  id,
  what,
  input,
  expected,
});
const problem = (path: string, code: string): Expected => ({ code: 'BAD_USER_INPUT', problem: `${path}:${code}` });
/** Refused before any resolver, by the type of a variable. */
const notOfType: Expected = { code: 'BAD_USER_INPUT', status: 400 };
const taken: Expected = { ok: true };
const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]));
const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });
/** Ten calendar years from now, and the given number of days more. */
function inTenYears(days: number): string {
  const instant = new Date();
  instant.setUTCFullYear(instant.getUTCFullYear() + 10, instant.getUTCMonth(), instant.getUTCDate() + days);
  return instant.toISOString();
}
const escaped = (text: string) => [...text].map((one) => `U+${one.codePointAt(0)?.toString(16)}`).join(' ');
const name = (id: string, what: string, value: unknown, expected: Expected) => row(id, what, { name: value }, expected);
const scopes = (id: string, what: string, value: unknown, expected: Expected) =>
  row(id, what, { scopes: value }, expected);
const expiry = (id: string, value: unknown, expected: Expected = notOfType) =>
  row(id, `expiresAt ${JSON.stringify(value)}`, { expiresAt: value }, expected);
const metadata = (id: string, what: string, value: unknown, expected: Expected) =>
  row(id, what, { metadata: value }, expected);

/** `createApiKey`: each row is a good input but for what it names. */
export const CREATE_ROWS: readonly ArgumentRow[] = [
  name('D1', 'name missing', undefined, notOfType),
  name('D1', 'name null', null, notOfType),
  name('D1', 'name empty', '', problem('input.name', 'TOO_SHORT')),
  name('D1', 'name of spaces', '   ', problem('input.name', 'TOO_SHORT')),
  name('D1', 'name of tabs and newlines', '\t\n', problem('input.name', 'TOO_SHORT')),
  name('D2', 'name of 201 characters', 'x'.repeat(201), problem('input.name', 'TOO_LONG')),
  name('D2', 'name of 201 emoji', '😀'.repeat(201), problem('input.name', 'TOO_LONG')),
  name('D2', 'name of 99 kB', 'x'.repeat(99_000), problem('input.name', 'TOO_LONG')),
  name('D3', 'name of 200 emoji', '😀'.repeat(200), taken),
  name('D4', 'name with NUL', 'a\u0000b', problem('input.name', 'MALFORMED')),
  name('D5', 'name with half a surrogate pair', 'a\ud800b', problem('input.name', 'MALFORMED')),
  ...['\u0007', '\u001b', '\u0085', 'a\nb', '\u202e', '\u2066', 'a\ufeffb'].map((text) =>
    name('D6', `name with ${JSON.stringify(text)}`, `x${text}y`, problem('input.name', 'MALFORMED')),
  ),
  ...['\u2028', '\u2029'].map((text) =>
    name('D6', `name with ${JSON.stringify(text)} inside`, `x${text}y`, problem('input.name', 'MALFORMED')),
  ),
  ...[
    '\u200b',
    '\u2800',
    '\u3164',
    '\uffa0',
    '\u115f\u1160',
    '\u180e',
    '\u00ad',
    '\ufe0f',
    '\u{e0020}',
    '\u{1d159}',
  ].map((text) => name('D6', `name of ${escaped(text)} only`, text, problem('input.name', 'TOO_SHORT'))),
  row(
    'D6',
    'description of blank characters',
    { description: '\u2800\n\u3164' },
    problem('input.description', 'TOO_SHORT'),
  ),
  row('D6', 'description with U+2028', { description: 'one\u2028two' }, taken),
  name('D6', 'name of an emoji that joins others', '👩\u200d💻', taken),
  ...['<script>', "'; drop table", '{{7*7}}', '=cmd()'].map((text) => name('D7', `name ${text}`, text, taken)),
  scopes('D8', 'scopes missing', undefined, notOfType),
  scopes('D8', 'scopes null', null, notOfType),
  scopes('D8', 'scopes empty', [], problem('input.scopes', 'TOO_SHORT')),
  scopes('D9', 'scopes with null', [null], notOfType),
  ...['', ' devices:read', 'DEVICES:READ', 'nope'].map((scope) =>
    scopes('D9', `scope ${JSON.stringify(scope)}`, [scope], problem('input.scopes.0', 'UNKNOWN_SCOPE')),
  ),
  scopes('D9', 'a scope twice', ['devices:read', 'devices:read'], problem('input.scopes.1', 'DUPLICATE')),
  ...['__proto__', 'constructor', 'toString', '*', 'devices:*'].map((scope) =>
    scopes('D10', `scope ${scope}`, [scope], problem('input.scopes.0', 'UNKNOWN_SCOPE')),
  ),
  scopes(
    'D11',
    '51 scopes',
    Array.from({ length: 51 }, (_, n) => `s${n}`),
    problem('input.scopes', 'TOO_MANY'),
  ),
  scopes('D11', '10,000 scopes', Array(10_000).fill('scope'), problem('input.scopes', 'TOO_MANY')),
  scopes('D11', 'a scope of 1 kB', ['x'.repeat(1_024)], problem('input.scopes.0', 'UNKNOWN_SCOPE')),
  scopes('D12', 'scopes in a list', [['devices:read']], notOfType),
  scopes('D12', 'scopes an object', { a: 1 }, notOfType),
  scopes('C31, D12', 'one scope, not in a list', 'devices:read', taken),
  scopes('C31, D12', 'an unknown scope, not in a list', 'nope', problem('input.scopes.0', 'UNKNOWN_SCOPE')),
  scopes('D12', 'scopes as JSON text', '["devices:read"]', problem('input.scopes.0', 'UNKNOWN_SCOPE')),
  expiry('D14', '2020-01-01T00:00:00Z', problem('input.expiresAt', 'NOT_IN_FUTURE')),
  ...[0, 59].map((seconds) => expiry('D14', inSeconds(seconds), problem('input.expiresAt', 'NOT_IN_FUTURE'))),
  expiry('D14', inTenYears(1), problem('input.expiresAt', 'OUT_OF_RANGE')),
  expiry('D14', inTenYears(-1), taken),
  ...['2030-01-01T00:00:00', '2030-01-01', '20300101T000000Z', '2030-W01-1'].map((text) => expiry('D15', text)),
  ...['2030-02-30T00:00:00Z', '2029-02-29T00:00:00Z'].map((text) => expiry('D16', text)),
  ...['2030-01-01T24:00:00Z', '2030-01-01T00:00:60Z'].map((text) => expiry('D17', text)),
  ...['Tue, 01 Jan 2030 00:00:00 GMT', '1', '', 'garbage', 'now', 'tomorrow', 'epoch', 'infinity', '-infinity'].map(
    (text) => expiry('D18', text),
  ),
  ...[1, true, {}, []].map((value) => expiry('D19', value)),
  ...['0000', '-000001', '+010000', '+275760', '294277'].map((year) => expiry('D20', `${year}-01-01T00:00:00Z`)),
  ...['+25:00', '+14:61', 'Z+1', '-14:01x'].map((offset) => expiry('D21', `2030-01-01T00:00:00${offset}`)),
  expiry('D22', '2030-01-01T00:00:00.123456789Z', taken),
  expiry('D22', '2030-01-01t00:00:00z', taken),
  expiry('D22', '2030-01-01T00:00:00-00:00', taken),
  expiry('D22', '2030-01-01T00:00:00.1234567891011Z', taken),
  expiry('D23', null, taken),
  expiry('D23', undefined, taken),
  ...['2030-01-01T00:00:00\u221200:00', '٢٠٣٠-01-01T00:00:00Z', '2030-01-01T00:00:00Z\u0000'].map((text) =>
    expiry('D24', text),
  ),
  metadata(
    'D25',
    'metadata with __proto__',
    JSON.parse('{"a":[{"__proto__":{"x":1}}]}'),
    problem('input.metadata.a.0.__proto__', 'MALFORMED'),
  ),
  metadata(
    'D25',
    'metadata with constructor.prototype',
    { constructor: { prototype: { x: 1 } } },
    problem('input.metadata.constructor.prototype', 'MALFORMED'),
  ),
  metadata('D25', 'metadata with prototype and constructor apart', { prototype: 1, constructor: { a: 1 } }, taken),
  ...[[], 'x', 1].map((value) => metadata('D26', `metadata ${JSON.stringify(value)}`, value, notOfType)),
  metadata('D26', 'null inside', { a: null }, taken),
  metadata('D27', 'NUL in a value', { a: '\u0000' }, problem('input.metadata', 'MALFORMED')),
  metadata('D27', 'NUL in a key', { '\u0000': 1 }, problem('input.metadata', 'MALFORMED')),
  metadata('D27', 'half a surrogate pair', { a: '\ud800' }, problem('input.metadata', 'MALFORMED')),
  metadata('D27', 'half a surrogate pair in a key', { '\ud800': 1 }, problem('input.metadata', 'MALFORMED')),
  metadata('D28', 'eight levels', nested(8), taken),
  metadata('D28', 'nine levels', nested(9), problem('input.metadata', 'OUT_OF_RANGE')),
  metadata('D28', '1,000 levels', nested(1_000), problem('input.metadata', 'OUT_OF_RANGE')),
  metadata('D29', '101 keys', keys(101), problem('input.metadata', 'TOO_MANY')),
  metadata('D29', '100 keys', keys(100), taken),
  metadata('D29', 'a key of 1 kB', { ['k'.repeat(1_024)]: 1 }, taken),
  metadata('D29', '8 kB', { a: 'x'.repeat(8_192 - 8) }, taken),
  metadata('D29', '8 kB and a byte', { a: 'x'.repeat(8_192 - 7) }, problem('input.metadata', 'TOO_LONG')),
  metadata('D29', 'an empty key', { '': 1 }, problem('input.metadata', 'MALFORMED')),
  metadata('D30', 'an integer beyond 2^53 as text', { a: '9007199254740993' }, taken),
  ...['tenantId', 'userId', 'id', 'keyHash', 'prefix', 'createdAt', 'lastUsedAt', 'revokedAt', 'role'].map((member) =>
    row('D32', `another member: ${member}`, { [member]: 'x' }, notOfType),
  ),
  row('D58', 'an empty idempotency key', { idempotencyKey: '' }, problem('input.idempotencyKey', 'TOO_SHORT')),
  row(
    'D58',
    'an idempotency key of 10 kB',
    { idempotencyKey: 'x'.repeat(10_240) },
    problem('input.idempotencyKey', 'TOO_LONG'),
  ),
  ...[0, -1].map((limit) =>
    row(
      'D61',
      `a rate of ${limit}`,
      { rateLimit: { limit, windowSeconds: 60 } },
      problem('input.rateLimit.limit', 'OUT_OF_RANGE'),
    ),
  ),
  row('D61', 'a rate of 2^31', { rateLimit: { limit: 2_147_483_648, windowSeconds: 60 } }, notOfType),
  row(
    'D61',
    'a window of nothing',
    { rateLimit: { limit: 1, windowSeconds: 0 } },
    problem('input.rateLimit.windowSeconds', 'OUT_OF_RANGE'),
  ),
];
