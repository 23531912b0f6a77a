import { operation, type RawRequest } from './raw-http.js';

const DEVICES = '{ devices { nodes { hostname } } }';
const CREATE = 'mutation { createDevice(input: {hostname: "never", ipAddress: "10.0.0.9"}) { device { id } } }';
/** The answer to a good request. */
export const DATA = '{"data":{"devices":{"nodes":[{"hostname":"sw-1"}]}}}\n';
const asked = (query: string) => encodeURIComponent(query);
const PREFLIGHT = 'apollo-require-preflight: 1';

/** A request with a good key, its outcome as `<status> <code>`, and headers of the answer. */
export type RequestRow = [
  id: string,
  what: string,
  request: RawRequest,
  outcome: string,
  headers?: Record<string, RegExp | null>,
];
const NOT_ALLOWED: RequestRow[4] = { allow: /^(?=.*GET)(?=.*POST)/ };

const METHODS: RequestRow[] = [
  ...['PUT', 'DELETE', 'PATCH', 'TRACE', 'QUERY', 'PROPFIND'].map((method): RequestRow => [
    'B10',
    method,
    { method, body: operation(CREATE) },
    '405 BAD_REQUEST',
    NOT_ALLOWED,
  ]),
  [
    'B10',
    'POST where there is only GET',
    { target: '/health/live', body: operation(CREATE) },
    '405 BAD_REQUEST',
    { allow: /GET/ },
  ],
  [
    'B12',
    "OPTIONS from another origin's page",
    {
      method: 'OPTIONS',
      headers: ['origin: https://evil.example', 'access-control-request-method: POST'],
      without: ['content-type'],
    },
    '400 BAD_REQUEST',
    { 'access-control-allow-origin': null },
  ],
  [
    'B12',
    'OPTIONS past the check of a preflight',
    { method: 'OPTIONS', headers: ['origin: https://evil.example', PREFLIGHT], without: ['content-type'] },
    '405 BAD_REQUEST',
    { 'access-control-allow-origin': null },
  ],
  [
    'B35',
    'GET without a header that needs a preflight',
    { method: 'GET', target: `/graphql?query=${asked(DEVICES)}`, without: ['content-type'] },
    '400 BAD_REQUEST',
  ],
  [
    'B35',
    'GET with such a header',
    { method: 'GET', target: `/graphql?query=${asked(DEVICES)}`, headers: [PREFLIGHT] },
    '200',
  ],
  [
    'B36',
    'a mutation by GET',
    { method: 'GET', target: `/graphql?query=${asked(CREATE)}`, headers: [PREFLIGHT] },
    '405 BAD_REQUEST',
    { allow: /^POST$/ },
  ],
  [
    'B37',
    'GET with a text/plain body type',
    { method: 'GET', target: `/graphql?query=${asked(DEVICES)}`, headers: ['content-type: text/plain'] },
    '400 BAD_REQUEST',
  ],
  [
    'B37',
    'GET with a text/plain body type and a header that needs a preflight',
    { method: 'GET', target: `/graphql?query=${asked(DEVICES)}`, headers: [PREFLIGHT, 'content-type: text/plain'] },
    '415 BAD_REQUEST',
  ],
];

const PATHS: RequestRow[] = [
  [
    'B9',
    '/graphql?query=%E0%A4%A',
    { method: 'GET', target: '/graphql?query=%E0%A4%A', headers: [PREFLIGHT] },
    '400 GRAPHQL_PARSE_FAILED',
  ],
  ...['/graphql?%E0%A4%A=1', '/graphql?query=%7B&query=%7B', '/graphql?variables=%7B'].map((target): RequestRow => [
    'B9',
    target,
    { method: 'GET', target, headers: [PREFLIGHT] },
    '400 BAD_REQUEST',
  ]),
  ...['/%E0%A4%A', '/graphql/%E0%A4%A', '/graphql%'].map((target): RequestRow => [
    'B9',
    target,
    { target },
    '400 BAD_REQUEST',
  ]),
  ...[
    '//graphql',
    '/graphql;x',
    '/graphql%2f',
    '/nope',
    '/graphql/',
    '/GRAPHQL',
    '/graphql/x',
    '/./graphql',
    '/x/../graphql',
  ].map((target): RequestRow => ['B17', target, { target, body: operation(DEVICES) }, '404 NOT_FOUND']),
];

const HEADERS: RequestRow[] = [
  ['B6', 'two hosts', { headers: ['host: a.example', 'host: b.example'], body: operation(CREATE) }, '400 BAD_REQUEST'],
  ...['a b', 'a.example:99999', '[::1', '', '<a>', '1.2.3.256', 'foo.1'].map((host): RequestRow => [
    'B6',
    `a host ${JSON.stringify(host)}`,
    { headers: [`host: ${host}`], body: operation(CREATE) },
    '400 BAD_REQUEST',
  ]),
  ['B6', 'no host', { without: ['host'], body: operation(CREATE) }, '400 BAD_REQUEST'],
  [
    'B6',
    'two types of body',
    { headers: ['content-type: application/json', 'content-type: text/plain'], body: operation(CREATE) },
    '400 BAD_REQUEST',
  ],
  [
    'B6',
    'two types of body, the good one last',
    { headers: ['content-type: text/plain', 'content-type: application/json'], body: operation(CREATE) },
    '400 BAD_REQUEST',
  ],
  [
    'B6',
    'one type of body twice',
    { headers: ['content-type: application/json', 'content-type: application/json'], body: operation(DEVICES) },
    '200',
  ],
  ['B6', 'an expectation that is unknown', { headers: ['expect: x'], body: operation(CREATE) }, '417 BAD_REQUEST'],
  ['B6', 'a target of another host', { target: 'http://[/graphql', body: operation(CREATE) }, '400 BAD_REQUEST'],
  ...['X-HTTP-Method-Override: DELETE', 'X-HTTP-Method: PUT', 'X-Original-URL: /nope', 'X-Rewrite-URL: /nope'].map(
    (header): RequestRow => ['B18', header, { headers: [header], body: operation(DEVICES) }, '200'],
  ),
  ...['text/html', 'image/png', 'application/json;q=0', 'multipart/mixed', 'application/xml, text/*;q=0.5'].map(
    (accept): RequestRow => [
      'B28',
      `a mutation that accepts ${accept}`,
      { headers: [`accept: ${accept}`], body: operation(CREATE) },
      '406 BAD_REQUEST',
    ],
  ),
  ...['*/*', 'application/*', 'text/html, application/json;q=0.1'].map((accept): RequestRow => [
    'B28',
    `accept: ${accept}`,
    { headers: [`accept: ${accept}`], body: operation(DEVICES) },
    '200',
  ]),
  [
    'B29',
    '1,000 media types, one of ours',
    { headers: [`accept: ${'a/b,'.repeat(1_000)}*/*`], body: operation(DEVICES) },
    '200',
  ],
  [
    'B29',
    '1,000 media types, none of ours',
    { headers: [`accept: ${'text/html;q=0.1,'.repeat(500)}a/b`], body: operation(CREATE) },
    '406 BAD_REQUEST',
  ],
  ...['garbage', '00-0-0-0', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`, 'x'.repeat(1_000)].map(
    (value): RequestRow => [
      'B41',
      `traceparent ${value.slice(0, 20)}`,
      { headers: [`traceparent: ${value}`, `tracestate: ${value}`], body: operation(DEVICES) },
      '200',
    ],
  ),
  ['B41', 'a baggage of 5 kB', { headers: [`baggage: ${'a=b,'.repeat(1_250)}`], body: operation(DEVICES) }, '200'],
  ...['Range: bytes=0-3', 'If-None-Match: *', 'If-Match: "x"', 'If-Modified-Since: Sun, 22 Nov 2099 00:00:00 GMT'].map(
    (header): RequestRow => ['B44', header, { headers: [header], body: operation(DEVICES) }, '200'],
  ),
];

export const REQUEST_ROWS = [...METHODS, ...PATHS, ...HEADERS];
