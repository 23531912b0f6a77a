import {
  all,
  complex,
  type DocumentOutcome,
  type DocumentRow,
  invalid,
  ok,
  refused,
  row,
  times,
  unparsed,
  unresolved,
  VIEWER,
} from './document-row.js';

/** Deeper than the parser's stack or longer than the limit on tokens, whichever comes first. */
const tooNested: DocumentOutcome = { codes: ['GRAPHQL_PARSE_FAILED', 'QUERY_TOO_COMPLEX'] };
const nested = (count: number, open: string, inside: string, close: string) =>
  open.repeat(count) + inside + close.repeat(count);
const chain = (length: number, spreads: (next: string) => string) =>
  `{ ...F0 } ${times(length, (n) => `fragment F${n} on Query { ${spreads(`...F${n + 1}`)} }`)} fragment F${length} on Query { __typename }`;
const cycle = (length: number) =>
  `{ ...F0 } ${times(length, (n) => `fragment F${n} on Query { ...F${(n + 1) % length} }`)}`;
/** `depth` fields below one another, the root and a leaf among them; `wrap` goes around each selection set. */
function deep(depth: number, wrap: (fields: string, type: string) => string = (fields) => fields): string {
  const ways = [
    ['devices(first: 1)', 'Query'],
    ['nodes', 'DeviceConnection'],
    ['alerts(first: 1)', 'Device'],
    ['nodes', 'AlertConnection'],
    ['device', 'Alert'],
  ] as const;
  let text = '__typename';
  for (let level = depth - 2; level >= 0; level--) {
    const [field, type] = ways[level < 3 ? level : 2 + ((level - 2) % 3)] ?? ['', ''];
    text = wrap(`${field} { ${text} }`, type);
  }
  return `{ ${text} }`;
}
/** The same with a named fragment for each level. */
function deepByFragments(depth: number): string {
  const fragments: string[] = [];
  const root = deep(depth, (fields, type) => {
    fragments.push(`fragment L${fragments.length} on ${type} { ${fields} }`);
    return `...L${fragments.length - 1}`;
  });
  return `${root} ${fragments.join(' ')}`;
}

/** Rows C1 to C18, about the text of documents. A key with every scope sends them to a portal in production. */
export const DOCUMENT_ROWS: readonly DocumentRow[] = [
  row('C1', 'nothing', '', refused('BAD_REQUEST')),
  ...all('C1', unparsed, { 'a brace': '{', spaces: '   ', 'a comment': '# only' }),
  row('C1', 'a fragment', 'fragment F on Query { viewer { kind } }', invalid),
  ...all('C2', unparsed, {
    NUL: '{ viewer { kind } \u0000 }',
    'U+FFFE': '{ viewer { kind } \ufffe }',
    'half a surrogate pair by escape': '{ requiredScopes(document: "\\ud800") { scopes } }',
  }),
  ...all('C3', invalid, {
    'an unknown field': '{ viewr { kind } }',
    'an unknown argument': '{ devices(frist: 1) { totalCount } }',
    'an unknown type': 'query ($v: DevizeFilter) { devices(filter: $v) { totalCount } }',
    'an unknown value': '{ alerts(status: FIRRING) { nodes { id } } }',
    'an unknown directive': '{ viewer @includ(if: true) { kind } }',
  }),
  ...all('C4', invalid, {
    'an unused variable': 'query ($v: Int) { viewer { kind } }',
    'an undefined variable': '{ devices(first: $v) { totalCount } }',
    'a variable of an output type': 'query ($v: Device) { viewer { kind } }',
    'a variable twice': 'query ($v: Int, $v: Int) { devices(first: $v) { totalCount } }',
    'an argument twice': '{ devices(first: 1, first: 2) { totalCount } }',
    'a member twice': '{ devices(filter: { search: "a", search: "b" }) { totalCount } }',
  }),
  row('C5', 'two operations, neither named', `{ ${VIEWER} } { ${VIEWER} }`, invalid),
  row('C5', 'two operations, none asked for', `query A { ${VIEWER} } query B { ${VIEWER} }`, unresolved),
  ...['Unknown', '__proto__', 'constructor', ''].map((operationName) =>
    row('C5', `the operation ${JSON.stringify(operationName)}`, `query A { ${VIEWER} }`, unresolved, { operationName }),
  ),
  row('C5', 'an operation called __proto__', `query __proto__ { ${VIEWER} }`, ok, { operationName: '__proto__' }),
  row('C6', 'a subscription', 'subscription { apiKeyEvents { id } }', unresolved),
  ...all('C6', invalid, {
    'an unknown subscription': 'subscription { x }',
    'of a query': `subscription { ${VIEWER} }`,
  }),
  ...all('C7', invalid, {
    '@defer': `{ ... @defer { ${VIEWER} } }`,
    '@stream': '{ devices { nodes @stream(initialCount: 1) { id } } }',
    '@live': `query @live { ${VIEWER} }`,
  }),
  ...[1, 2, 200].map((length) => row('C8', `a cycle of ${length} fragments`, cycle(length), invalid)),
  row('C8', 'a cycle of 300 fragments', cycle(300), complex('TOKENS')),
  ...all('C8', invalid, {
    'an unused fragment': `{ ${VIEWER} } fragment F on Query { ${VIEWER} }`,
    'a fragment on a scalar': '{ ...F } fragment F on String { length }',
    'a fragment on an unknown type': '{ ...F } fragment F on Nope { length }',
    'an impossible spread': '{ viewer { ...F } } fragment F on Device { id }',
  }),
  row('C9', '20 aliases', `{ viewer { ${times(20, (n) => `a${n}: kind`)} } }`, ok),
  row('C9', '21 aliases', `{ viewer { ${times(21, (n) => `a${n}: kind`)} } }`, complex('ALIASES')),
  row(
    'C9',
    '22 aliases by spreads',
    `{ viewer { ...F ...F } } fragment F on Viewer { ${times(11, (n) => `a${n}: kind`)} }`,
    complex('ALIASES'),
  ),
  ...[1_000, 9_000].map((count) =>
    row('C9', `${count} aliases`, `{ ${times(count, (n) => `a${n}:x`)} }`, complex('TOKENS')),
  ),
  row('C11', 'ten fields deep', deep(10), ok),
  ...[11, 200].map((depth) => row('C11', `${depth} fields deep`, deep(depth), complex('DEPTH'))),
  row('C11', '2,500 fields deep', deep(2_500), complex('TOKENS')),
  row(
    'C11',
    'ten deep by inline fragments',
    deep(10, (fields, type) => `... on ${type} { ${fields} }`),
    ok,
  ),
  row(
    'C11',
    'eleven deep by inline fragments',
    deep(11, (fields) => `... { ${fields} }`),
    complex('DEPTH'),
  ),
  row('C11', 'eleven inline fragments', `{ ${nested(11, '...{', VIEWER, '}')} }`, complex('DEPTH')),
  row('C11', '200 inline fragments', `{ ${nested(200, '...{', VIEWER, '}')} }`, complex('DEPTH')),
  row('C11', '2,500 inline fragments', `{ ${nested(2_500, '...{', VIEWER, '}')} }`, complex('TOKENS')),
  row('C11', 'ten deep by named fragments', deepByFragments(10), ok),
  ...[11, 100].map((depth) => row('C11', `${depth} deep by named fragments`, deepByFragments(depth), complex('DEPTH'))),
  ...all('C12', tooNested, {
    '12,000 inline fragments': `{ ${nested(12_000, '...{', VIEWER, '}')} }`,
    '20,000 lists': `{ devices(first: ${nested(20_000, '[', '1', ']')}) { totalCount } }`,
    '12,000 objects': `{ devices(filter: ${nested(12_000, '{a:', '1', '}')}) { totalCount } }`,
    '20,000 list types': `query ($v: ${nested(20_000, '[', 'Int', ']')}) { ${VIEWER} }`,
  }),
  ...all('C12', invalid, {
    '900 lists': `{ devices(first: ${nested(900, '[', '1', ']')}) { totalCount } }`,
    '450 objects': `{ devices(filter: ${nested(450, '{a:', '1', '}')}) { totalCount } }`,
    '900 list types': `query ($v: ${nested(900, '[', 'Int', ']')}) { ${VIEWER} }`,
  }),
  ...all('C13', complex('TOKENS'), {
    'a field 16,000 times': `{ viewer { ${'kind '.repeat(16_000)} } }`,
    '9,000 inline fragments': `{ ${'...{x}'.repeat(9_000)} }`,
    '100 times 50 inline fragments': `{ ${times(100, () => nested(50, '...{', VIEWER, '}'))} }`,
  }),
  row('C13', 'a field 490 times', `{ ${times(490, () => VIEWER)} }`, invalid),
  row('C14', '45,000 unknown directives', `{ viewer ${'@x'.repeat(45_000)} { kind } }`, complex('TOKENS')),
  row('C14', '900 unknown directives', `{ viewer ${'@x'.repeat(900)} { kind } }`, invalid),
  row('C14', '1,000 directives', `{ viewer { ${'kind @skip(if:false) '.repeat(1_000)} } }`, complex('TOKENS')),
  row('C14', 'ten directives', `{ viewer { ${'kind @skip(if:false) '.repeat(10)} } }`, ok),
  row('C14', 'eleven directives', `{ viewer { ${'kind @skip(if:false) '.repeat(11)} } }`, complex('DIRECTIVES')),
  row(
    'C15',
    'fragments that double 20 times',
    chain(20, (next) => `${next} ${next}`),
    complex('DEPTH'),
  ),
  row(
    'C15',
    'fragments that double aliases',
    chain(9, (next) => `a: __typename ${next} ${next}`),
    complex('ALIASES'),
  ),
  row(
    'C16',
    'a chain of 2,500 fragments',
    chain(2_500, (next) => next),
    complex('TOKENS'),
  ),
  row(
    'C16',
    'a chain of 100 fragments',
    chain(100, (next) => next),
    complex('DEPTH'),
  ),
  row('C17', '2,000 tokens', `{ devices(filter: { status: [${'ONLINE '.repeat(1_984)}] }) { totalCount } }`, ok),
  row(
    'C17',
    '2,001 tokens',
    `{ devices(filter: { status: [${'ONLINE '.repeat(1_985)}] }) { totalCount } }`,
    complex('TOKENS'),
  ),
  row('C17', '50,000 tokens', `{ ${'x '.repeat(50_000)} }`, complex('TOKENS')),
  row('C18', 'a comment of 95 kB', `# ${'x'.repeat(95_000)}\n{ ${VIEWER} }`, ok),
  row('C18', 'a block string of 95 kB', `{ requiredScopes(document: """${'x'.repeat(95_000)}""") { scopes } }`, {
    codes: ['BAD_USER_INPUT'],
    status: 200,
  }),
];
