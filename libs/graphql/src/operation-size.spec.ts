import { buildSchema, Kind, parse, validate } from 'graphql';
import { type OperationSize, sizeOfOperation } from './operation-size.js';

const SCHEMA = buildSchema(`
  directive @tag repeatable on QUERY | FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT | FRAGMENT_DEFINITION | VARIABLE_DEFINITION
  type Query { house: House streets(first: Int = 20, last: Int): StreetConnection! names: [String!]! doors: [Door!]! }
  type StreetConnection { nodes: [Street!]! edges: [StreetEdge!]! totalCount: Int! }
  type StreetEdge { node: Street! cursor: String! }
  type Street { name: String houses(first: Int, after: String): HouseConnection! oldest: House lamps: [Lamp!]! }
  type HouseConnection { nodes: [House!]! }
  type House { id: ID! street: Street door: Door }
  type Door { id: ID! house: House }
  type Lamp { id: ID! }
`);

function sizeOf(text: string, variables?: Record<string, unknown>): OperationSize {
  const document = parse(text);
  expect(validate(SCHEMA, document)).toEqual([]);
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('The document has no operation.');
  return sizeOfOperation(SCHEMA, document, operation, variables);
}

describe('depth of an operation', () => {
  it.each([
    ['one for a leaf of the root', '{ names }', 1],
    ['its longest way down', '{ names house { id street { oldest { id } } } }', 4],
    [
      'the same through inline fragments',
      '{ ... { house { ... on House { id street { ... { oldest { id } } } } } } }',
      4,
    ],
    [
      'the same through named fragments, wherever they are spread first',
      '{ house { ...D street { oldest { ...D } } } } fragment D on House { door { id } }',
      5,
    ],
    ['its fragments within one another, where they are deeper', '{ ...{ ...{ ...{ names } } } }', 3],
    [
      'a chain of named fragments',
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { names }',
      3,
    ],
    ['one for introspection', '{ __schema { types { fields { type { ofType { ofType { name } } } } } } }', 1],
    [
      'one for introspection by fragments',
      '{ __schema { ...S } } fragment S on __Schema { types { ...{ ...{ name } } } }',
      1,
    ],
  ])('the depth of an operation is %s', (_, text, depth) => expect(sizeOf(text).depth).toBe(depth));
});

describe('sizes with fragments', () => {
  const TWICE = (inside: string) => `{ ...F @tag ... on Query @tag { ...F } } fragment F on Query @tag { ${inside} }`;
  it.each([
    ['aliases', { aliases: 2 }, '{ a: names b: house { id } }'],
    ['aliases in fragments', { aliases: 4 }, TWICE('a: names house { b: id }')],
    ['directives', { directives: 4 }, 'query @tag { names @tag @tag house { id @tag } }'],
    ['directives in fragments and on their spreads', { directives: 2 + 2 * 3 }, TWICE('names @tag house { id @tag }')],
    ['directives on variables', { directives: 1 }, 'query ($n: Int @tag) { streets(first: $n) { totalCount } }'],
  ])('sizes count once for each spread of a fragment: %s', (_, expected, text) =>
    expect(sizeOf(text)).toMatchObject(expected),
  );

  it('fragments that double with every level are counted in no time', () => {
    const levels = Array.from(
      { length: 150 },
      (_, level) => `fragment F${level} on Query { ...F${level + 1} ...F${level + 1} }`,
    );
    const started = performance.now();
    const size = sizeOf(`{ ...F0 } ${levels.join(' ')} fragment F150 on Query { a: names doors { id } }`);
    expect(size).toMatchObject({ aliases: Number.MAX_SAFE_INTEGER, cost: Number.MAX_SAFE_INTEGER, rootFields: 2 });
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

it.each([
  ['a field once, however often it is written', '{ names names ...F } fragment F on Query { names }', 1],
  ['its aliases each', '{ a: names b: names ... { c: names } }', 3],
])('root fields are response keys: %s', (_, text, rootFields) => expect(sizeOf(text).rootFields).toBe(rootFields));

describe('cost of an operation', () => {
  it.each([
    ['nothing without lists', '{ house { id street { oldest { id } } } names }', 0],
    ['a page of the usual size', '{ streets { nodes { name } } }', 20],
    ['a page as large as asked for', '{ streets(first: 7) { nodes { name } } }', 7],
    ['the same from the end', '{ streets(last: 7) { nodes { name } } }', 7],
    ['the same by edges', '{ streets(first: 7) { edges { node { name } } } }', 7],
    ['nothing where no items are asked for', '{ streets(first: 100) { totalCount } }', 0],
    ['pages within pages', '{ streets(first: 100) { nodes { houses(first: 30) { nodes { id } } } } }', 100 + 100 * 30],
    ['objects within pages, which are no items', '{ streets(first: 5) { nodes { oldest { street { name } } } } }', 5],
    ['other lists by a fixed length', '{ doors { id } streets(first: 2) { nodes { lamps { id } } } }', 50 + 2 + 2 * 50],
    [
      'the same through a fragment of the page, by the size of each page',
      `{ a: streets(first: 3) { ...P } b: streets(first: 5) { ...P } }
       fragment P on StreetConnection { nodes { houses(first: 2) { nodes { id } } } }`,
      3 + 3 * 2 + 5 + 5 * 2,
    ],
    ['no more than the largest page', '{ streets(first: 2147483647) { nodes { name } } }', 100],
    ['no less than the smallest page', '{ streets(first: -5) { nodes { name } } }', 1],
  ])('the cost of an operation is %s', (_, text, cost) => expect(sizeOf(text).cost).toBe(cost));

  const BY_VARIABLE = 'query ($n: Int = 9) { streets(first: $n) { nodes { name } } }';
  it.each([
    ['the largest while it is not known', undefined, 100],
    ['its value', { n: 3 }, 3],
    ['its default', {}, 9],
    ['the usual one for null', { n: null }, 20],
    ['the usual one for what is no number', { n: '3' }, 20],
  ])('the cost of an operation with a page size by variable: %s', (_, variables, cost) =>
    expect(sizeOf(BY_VARIABLE, variables).cost).toBe(cost),
  );
});

it('the longest name is that of an alias or of the operation', () => {
  expect(sizeOf('query Long { x: names }').nameLength).toBe(4);
  expect(sizeOf('query Q { ...F } fragment F on Query { house { sixsix: id } }').nameLength).toBe(6);
});
