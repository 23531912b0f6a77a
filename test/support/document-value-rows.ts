import {
  all,
  complex,
  type DocumentOutcome,
  type DocumentRow,
  invalid,
  ok,
  row,
  times,
  uncoerced,
  unparsed,
  unresolved,
  VIEWER,
} from './document-row.js';

/** Where a variable of the type may stand. */
const USES = {
  Int: '{ devices(first: $v) { totalCount } }',
  'Boolean!': '{ viewer @include(if: $v) { kind } }',
  'String!': '{ requiredScopes(document: $v) { scopes } }',
  AlertStatus: '{ alerts(status: $v) { nodes { id } } }',
  'DeviceFilter!': '{ devices(filter: $v) { totalCount } }',
  'CreateDeviceInput!': '{ createDevice(input: $v) { device { id } } }',
} as const;
const DEVICE = { hostname: 'never-made', ipAddress: '10.0.0.1' };

const given = (
  id: string,
  type: keyof typeof USES,
  outcome: DocumentOutcome,
  values: readonly unknown[],
): DocumentRow[] =>
  values.map((v) => {
    const operation = type === 'CreateDeviceInput!' ? 'mutation' : 'query';
    return row(id, `${type} given ${JSON.stringify(v)}`, `${operation} ($v: ${type}) ${USES[type]}`, outcome, {
      variables: { v },
    });
  });

/** Rows C19 to C39, about the contents of documents and variables. A key with every scope sends them to a portal in production. */
export const DOCUMENT_VALUE_ROWS: readonly DocumentRow[] = [
  ...all('C19', invalid, {
    introspection: '{ __schema { types { name } } }',
    'introspection by an alias': '{ a: __schema { types { name } } }',
    'introspection by a fragment': '{ ...F } fragment F on Query { __schema { types { name } } }',
    'introspection of a type': '{ __type(name: "Query") { name } }',
  }),
  ...all('C21', invalid, {
    '@include(if: null)': '{ viewer @include(if: null) { kind } }',
    '@skip(if: "x")': '{ viewer @skip(if: "x") { kind } }',
  }),
  ...given('C21', 'Boolean!', uncoerced, [null]),
  row('C23', 'an alias of 50 kB', `{ ${'a'.repeat(50_000)}: ${VIEWER} }`, complex('NAME_LENGTH')),
  row('C23', 'an alias of 50 kB on what is not there', `{ ${'a'.repeat(50_000)}: nope { kind } }`, invalid),
  row('C23', 'a field of 50 kB', `{ ${'a'.repeat(50_000)} }`, invalid),
  row('C23', 'a value of 90 kB', `{ alerts(status: ${'a'.repeat(90_000)}) { nodes { id } } }`, invalid),
  row('C24', 'control characters in a string', '{ alerts(status: "\\u001b[31m\\r\\nx") { nodes { id } } }', invalid),
  row('C24', 'control characters in the text', '{ viewer { kind \u001b[31m } }', unparsed),
  row('C24', 'line breaks before an unknown field', '{\r\n\n nope\r }', invalid),
  row('C26', 'a variable missing', `query ($v: String!) ${USES['String!']}`, uncoerced),
  ...given('C26', 'String!', uncoerced, [null]),
  row('C26', 'a variable too many', `{ ${VIEWER} }`, ok, { variables: { other: 1 } }),
  row('C27', 'Int 2147483648 as a literal', '{ devices(first: 2147483648) { totalCount } }', invalid),
  ...given('C27', 'Int', uncoerced, [2_147_483_648, -2_147_483_649, 1.5, '1', true]),
  ...given('C29', 'Boolean!', uncoerced, ['true', 1]),
  ...given('C29', 'String!', uncoerced, [5, {}, []]),
  ...all('C30', invalid, {
    'an enum as a string': '{ alerts(status: "FIRING") { nodes { id } } }',
    'an enum in lower case': '{ alerts(status: firing) { nodes { id } } }',
  }),
  ...given('C30', 'AlertStatus', uncoerced, [' FIRING', 'firing']),
  row('C31', 'a list given a scalar', '{ devices(filter: { status: ONLINE }) { totalCount } }', ok),
  ...given('C31', 'DeviceFilter!', ok, [{ status: 'ONLINE' }]),
  ...given('C32', 'CreateDeviceInput!', uncoerced, [[DEVICE], [DEVICE, DEVICE]]),
  ...given('C33', 'CreateDeviceInput!', uncoerced, [
    { ...DEVICE, unknown: 1 },
    { ...DEVICE, __typename: 'CreateDeviceInput' },
  ]),
  row('C33', '200 unknown members', `mutation ($v: CreateDeviceInput!) ${USES['CreateDeviceInput!']}`, uncoerced, {
    variables: { v: { ...DEVICE, ...Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`unknown${n}`, n])) } },
  }),
  row('C34', 'a default that does not fit', 'query ($v: Int = "x") { devices(first: $v) { totalCount } }', invalid),
  row('C35', '5,000 variables', `query (${times(5_000, (n) => `$v${n}:Int`)}) { ${VIEWER} }`, complex('TOKENS')),
  row('C35', '490 variables', `query (${times(490, (n) => `$v${n}:Int`)}) { ${VIEWER} }`, invalid),
  ...all('C36', invalid, {
    'a mutation in a query': '{ createDevice(input: { hostname: "x", ipAddress: "10.0.0.1" }) { device { id } } }',
    'a query in a mutation': `mutation { ${VIEWER} }`,
  }),
  ...all('C37', invalid, {
    _service: '{ _service { sdl } }',
    _entities: '{ _entities(representations: [{ __typename: "Device", id: "1" }]) { ... on Device { id } } }',
  }),
  row('C38', 'an operation name of 10 kB', `query ${'A'.repeat(10_000)} { ${VIEWER} }`, complex('NAME_LENGTH')),
  row('C38', 'an operation name of emoji', `query 😀 { ${VIEWER} }`, unparsed),
  row('C38', 'an operation name of 90 kB that is not there', `query A { ${VIEWER} }`, unresolved, {
    operationName: 'B'.repeat(90_000),
  }),
  row(
    'C39',
    "a mutation and a query's name",
    'mutation A { createDevice(input: { hostname: "never-made", ipAddress: "10.0.0.1" }) { device { id } } }',
    unresolved,
    { operationName: 'B' },
  ),
];
