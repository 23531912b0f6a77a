import { buildSchema, Kind, parse } from 'graphql';
import type { Access } from './access.js';
import { QueryTooComplex } from '#graphql';
import { walkOperation } from './operation-walk.js';

const SCHEMA = buildSchema(`
  interface Node { id: ID! owner: Person }
  type Person { id: ID! name: String friends: [Person!]! secret: String }
  type House implements Node { id: ID! owner: Person rooms: Int }
  type Boat implements Node { id: ID! owner: Person sails: Int }
  type Tent { id: ID! pegs: Int }
  union Shelter = House | Boat | Tent
  type Query { node: Node shelter: Shelter house: House person: Person open: String }
  type Mutation { build: House }
`);

const needing = (...scopes: string[]): Access => ({ kind: 'scopes', tenant: 'required', scopes });
const ACCESS: Record<string, Access> = {
  'Query.node': needing('nodes'),
  'Query.shelter': needing('shelters'),
  'Query.house': needing('houses'),
  'Query.person': needing('people'),
  'Query.open': { kind: 'public' },
  'Mutation.build': needing('build'),
  'House.owner': needing('houses:owner'),
  'Boat.owner': needing('boats:owner'),
  'House.rooms': needing('rooms'),
  'Tent.pegs': needing('pegs'),
  'Person.secret': needing('secrets'),
};

/** `path:scopes` of every need, in order. Variables without a value count as unknown. */
function needsOf(text: string, variables: Record<string, boolean> = {}): string[] {
  const document = parse(text);
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('The document has no operation.');
  const needs = walkOperation(
    SCHEMA,
    document,
    operation,
    (coordinate) => ACCESS[coordinate],
    (name) => variables[name],
  );
  return needs.map(
    ({ path, access }) => `${path.join('.')}:${access.kind === 'scopes' ? access.scopes.join('+') : access.kind}`,
  );
}

describe('walk of an operation', () => {
  it.each([
    ['a field', '{ house { id } }', ['house:houses']],
    [
      'a field under an alias, which its path names',
      '{ mine: house { mine: rooms } }',
      ['mine:houses', 'mine.mine:rooms'],
    ],
    ['one field under two aliases, each', '{ a: house { id } b: house { id } }', ['a:houses', 'b:houses']],
    ['a field written twice, once', '{ house { rooms } house { rooms id } }', ['house:houses', 'house.rooms:rooms']],
    ['a public field', '{ open }', ['open:public']],
    [
      'a field that declares nothing and what lies below it',
      '{ person { friends { secret } } }',
      ['person:people', 'person.friends.secret:secrets'],
    ],
    ['a mutation', 'mutation { build { rooms } }', ['build:build', 'build.rooms:rooms']],
    ['`__typename` and introspection, not at all', '{ __typename __schema { types { name } } }', []],
    ['a fragment', 'query { house { ...F } } fragment F on House { rooms }', ['house:houses', 'house.rooms:rooms']],
    [
      'a fragment spread twice, once',
      '{ house { ...F ...F } } fragment F on House { rooms }',
      ['house:houses', 'house.rooms:rooms'],
    ],
    [
      'one fragment under two fields, under both',
      '{ a: person { ...F } b: person { ...F } } fragment F on Person { secret }',
      ['a:people', 'a.secret:secrets', 'b:people', 'b.secret:secrets'],
    ],
    ['an inline fragment without a type', '{ ... { house { ... { rooms } } } }', ['house:houses', 'house.rooms:rooms']],
    [
      'a field of an interface, on every type that may stand there',
      '{ node { owner { id } } }',
      ['node:nodes', 'node.owner:houses:owner', 'node.owner:boats:owner'],
    ],
    [
      'a field of an interface narrowed to one type, on that one',
      '{ node { ... on Boat { owner { id } } } }',
      ['node:nodes', 'node.owner:boats:owner'],
    ],
    [
      'a member of a union',
      '{ shelter { ... on Tent { pegs } ... on Node { id } } }',
      ['shelter:shelters', 'shelter.pegs:pegs'],
    ],
    [
      'an interface within a union, on the types that are both',
      '{ shelter { ... on Node { owner { id } } } }',
      ['shelter:shelters', 'shelter.owner:houses:owner', 'shelter.owner:boats:owner'],
    ],
    [
      'a type that cannot stand there, not at all',
      '{ house { ... on Node { ... on Boat { owner { id } } } } }',
      ['house:houses'],
    ],
    [
      'what lies below an abstract field, on all of its types',
      '{ node { owner { secret } } }',
      ['node:nodes', 'node.owner:houses:owner', 'node.owner:boats:owner', 'node.owner.secret:secrets'],
    ],
    [
      'a selection that is always left out, not at all',
      '{ house @skip(if: true) { id } open @include(if: false) }',
      [],
    ],
    [
      'a selection that is always taken',
      '{ house @skip(if: false) { id } open @include(if: true) }',
      ['house:houses', 'open:public'],
    ],
    [
      'a left-out spread, unless it is taken elsewhere',
      '{ house { ...F @skip(if: true) ...F } } fragment F on House { rooms }',
      ['house:houses', 'house.rooms:rooms'],
    ],
    ['a left-out inline fragment, not at all', '{ house { ... @include(if: false) { rooms } } }', ['house:houses']],
  ])('the walk of an operation finds %s', (_, text, expected) => {
    expect(needsOf(text)).toEqual(expected);
  });

  const CONDITIONAL = 'query ($v: Boolean!) { house @include(if: $v) { rooms @skip(if: $v) id } open @skip(if: $v) }';
  it.each([
    ['true', { v: true }, ['house:houses']],
    ['false', { v: false }, ['open:public']],
    ['not known', {}, ['house:houses', 'house.rooms:rooms', 'open:public']],
  ])(
    'the walk of an operation includes what a variable that is %s lets through',
    (_, variables: Record<string, boolean>, expected) => {
      expect(needsOf(CONDITIONAL, variables)).toEqual(expected);
    },
  );

  it('the walk of an operation includes what either of two directives may let through, and omits what one forbids', () => {
    const text =
      'query ($v: Boolean!) { house @skip(if: $v) @include(if: false) { id } open @skip(if: $v) @include(if: true) }';
    expect(needsOf(text)).toEqual(['open:public']);
  });

  it('the walk of an operation ends at a bound, whatever fragments multiply a short document to', () => {
    const fragments = Array.from({ length: 30 }, (_, n) => {
      return `fragment F${n} on Person { a: friends { ...F${n + 1} } b: friends { ...F${n + 1} } }`;
    });
    const text = `{ person { ...F0 } } ${fragments.join(' ')} fragment F30 on Person { secret }`;
    expect(() => needsOf(text)).toThrow(QueryTooComplex);
  });

  it('the walk of a document that repeats the same fields costs no more than its answer', () => {
    const text = `{ ${'person { friends { friends { secret } } } '.repeat(120)} }`;
    expect(needsOf(text)).toEqual(['person:people', 'person.friends.friends.secret:secrets']);
  });
});
