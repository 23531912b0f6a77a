import { brotliCompressSync, gzipSync } from 'node:zlib';
import { operation, type RawRequest } from './raw-http.js';

export const DEVICES = '{ devices { nodes { hostname } } }';
const CREATE = 'mutation { createDevice(input: {hostname: "never", ipAddress: "10.0.0.9"}) { device { id } } }';
const BODY_LIMIT = 100 * 1024;
const PREFLIGHT = 'apollo-require-preflight: 1';

const form = `query=${encodeURIComponent(CREATE)}`;
const multipart = `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${operation(CREATE)}\r\n--x--\r\n`;
const bomb = Buffer.alloc(20 * 1024 * 1024, 'a');
/** The good operation, filled up with spaces to the given number of bytes. */
const filled = (bytes: number) => operation(DEVICES).padEnd(bytes, ' ');
const typed = (type: string, body: string | Uint8Array = operation(CREATE), ...more: string[]): RawRequest => ({
  headers: [`content-type: ${type}`, ...more],
  body,
});
/** The name of a device with these bytes in it. */
const named = (...bytes: number[]) => {
  const [before = '', after = ''] = operation(CREATE).split('never');
  return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
};
const nested = (depth: number) =>
  `{"query":${JSON.stringify(DEVICES)},"variables":{"x":${'['.repeat(depth)}${']'.repeat(depth)}}}`;

/** A body, sent with a good key, and its outcome as `<status> <code>`. */
export type BodyRow = [id: string, what: string, request: RawRequest, outcome: string];
const TYPES: BodyRow[] = [
  ['B19', 'text/plain', typed('text/plain'), '400 BAD_REQUEST'],
  ['B19', 'a form', typed('application/x-www-form-urlencoded', form), '400 BAD_REQUEST'],
  ['B19', 'a multipart form', typed('multipart/form-data; boundary=x', multipart), '400 BAD_REQUEST'],
  [
    'B19',
    'a form, past the check of a preflight',
    typed('application/x-www-form-urlencoded', form, PREFLIGHT),
    '400 BAD_REQUEST',
  ],
  [
    'B19',
    'text/plain, past the check of a preflight',
    typed('text/plain', operation(CREATE), PREFLIGHT),
    '400 BAD_REQUEST',
  ],
  ...['application/graphql', 'application/json5', 'application/vnd.api+json', 'json', 'application/json/x', '*/*'].map(
    (type): BodyRow => ['B20', type, typed(type), '415 BAD_REQUEST'],
  ),
  ['B20', 'no type', { without: ['content-type'], body: operation(CREATE) }, '415 BAD_REQUEST'],
  ...['iso-8859-1', 'ISO-8859-1', 'us-ascii'].map((charset): BodyRow => [
    'B21',
    `charset ${charset}`,
    typed(`application/json; charset=${charset}`),
    '415 BAD_REQUEST',
  ]),
  ...['utf-7', 'utf-16le', 'utf-16', 'utf-32', 'cp1252', '"utf-7"', 'utf-8x'].map((charset): BodyRow => [
    'B22',
    `charset ${charset}`,
    typed(`application/json; charset=${charset}`),
    '415 BAD_REQUEST',
  ]),
  [
    'B22',
    'UTF-16 that says so',
    typed('application/json; charset=utf-16le', Buffer.from(operation(CREATE), 'utf16le')),
    '415 BAD_REQUEST',
  ],
  [
    'B22',
    'UTF-16 that does not say so',
    typed('application/json', Buffer.from(operation(CREATE), 'utf16le')),
    '400 BAD_REQUEST',
  ],
  ...['utf-8', 'UTF-8', '"utf-8"', 'utf8', 'UTF8', '"utf8"'].map((charset): BodyRow => [
    'B22',
    `charset ${charset}`,
    typed(`application/json; charset=${charset}`, operation(DEVICES)),
    '200',
  ]),
];

const BYTES: BodyRow[] = [
  ['B23', 'a byte that is none of UTF-8', { body: named(0xff) }, '400 BAD_REQUEST'],
  ['B23', 'half a character', { body: named(0xc3, 0x28) }, '400 BAD_REQUEST'],
  ['B23', 'a surrogate', { body: named(0xed, 0xa0, 0x80) }, '400 BAD_REQUEST'],
  ['B23', 'an overlong slash', { body: named(0xc0, 0xaf) }, '400 BAD_REQUEST'],
  ['B24', 'a byte order mark', { body: `\ufeff${operation(DEVICES)}` }, '200'],
  [
    'B25',
    'gzip that is none',
    typed('application/json', operation(CREATE), 'content-encoding: gzip'),
    '415 BAD_REQUEST',
  ],
  [
    'B25',
    'gzip that is one',
    typed('application/json', gzipSync(operation(CREATE)), 'content-encoding: gzip'),
    '415 BAD_REQUEST',
  ],
  [
    'B25',
    'an unknown encoding',
    typed('application/json', operation(CREATE), 'content-encoding: zip'),
    '415 BAD_REQUEST',
  ],
  [
    'B25',
    'two encodings',
    typed('application/json', operation(CREATE), 'content-encoding: identity, gzip'),
    '415 BAD_REQUEST',
  ],
  ['B25', 'an empty encoding', typed('application/json', operation(DEVICES), 'content-encoding:'), '200'],
  ['B25', 'identity', typed('application/json', operation(DEVICES), 'content-encoding: identity'), '200'],
  [
    'B26',
    '20 MB of one letter as gzip',
    typed('application/json', gzipSync(bomb), 'content-encoding: gzip'),
    '415 BAD_REQUEST',
  ],
  [
    'B26',
    '20 MB of one letter as brotli',
    typed('application/json', brotliCompressSync(bomb), 'content-encoding: br'),
    '415 BAD_REQUEST',
  ],
  ['B27', '100 kB', { body: filled(BODY_LIMIT) }, '200'],
  ['B27', '100 kB and a byte', { body: filled(BODY_LIMIT + 1) }, '413 BAD_REQUEST'],
];

const JSON_BODIES: BodyRow[] = [
  ...[
    '',
    'null',
    '"x"',
    '1',
    '{}',
    '{"query":"{ devices',
    '{"query":"{__typename}",}',
    '{"query":NaN}',
    'true',
    '{"query":null}',
    '{"query":""}',
    '{"query":1}',
    "{'query':'x'}",
    '{"query":{}}',
  ].map((body): BodyRow => ['B30', body || 'nothing', { body }, '400 BAD_REQUEST']),
  ...['[]', `[${operation(CREATE)}]`, `[${Array(100).fill(operation(CREATE)).join()}]`].map((body): BodyRow => [
    'B31',
    `an array of ${body.length} bytes`,
    { body },
    '400 BAD_REQUEST',
  ]),
  ...['"x"', '1', '[]', '[1]'].map((value): BodyRow => [
    'B33',
    `variables ${value}`,
    { body: `{"query":${JSON.stringify(CREATE)},"variables":${value}}` },
    '400 BAD_REQUEST',
  ]),
  ...['"x"', '1', '[]'].map((value): BodyRow => [
    'B33',
    `extensions ${value}`,
    { body: `{"query":${JSON.stringify(CREATE)},"extensions":${value}}` },
    '400 BAD_REQUEST',
  ]),
  ...['{}', '1', '[]'].map((value): BodyRow => [
    'B33',
    `operationName ${value}`,
    { body: `{"query":${JSON.stringify(CREATE)},"operationName":${value}}` },
    '400 BAD_REQUEST',
  ]),
  ['B34', 'variables 40,000 arrays deep', { body: nested(40_000) }, '200'],
  ...[
    { version: 1, sha256Hash: 'a'.repeat(64) },
    { version: 99, sha256Hash: 'a'.repeat(64) },
    { version: 1, sha256Hash: '__proto__' },
    {},
    'x',
  ].flatMap((persistedQuery): BodyRow[] => {
    const extensions = { persistedQuery };
    const what = `a persisted query ${JSON.stringify(persistedQuery).slice(0, 40)}`;
    return [
      ['B38', what, { body: JSON.stringify({ extensions }) }, '400 PERSISTED_QUERY_NOT_SUPPORTED'],
      [
        'B38',
        `${what} beside its text`,
        { body: JSON.stringify({ query: CREATE, extensions }) },
        '400 PERSISTED_QUERY_NOT_SUPPORTED',
      ],
    ];
  }),
];

export const BODY_ROWS: readonly BodyRow[] = [...TYPES, ...BYTES, ...JSON_BODIES];
