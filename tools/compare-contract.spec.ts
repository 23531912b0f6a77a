import { compareSchemas } from './compare-contract.mjs';

const CONTRACT = `
  directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION
  directive @sessionOnly(role: Role) on FIELD_DEFINITION
  directive @authenticated on FIELD_DEFINITION
  directive @public on FIELD_DEFINITION
  scalar DateTime
  scalar Colour
  enum Role { ADMIN VIEWER }
  interface Node { id: ID! }
  type Device implements Node { id: ID! name: String alerts(first: Int = 20, after: String): [String!]! }
  type Site { id: ID! }
  union Place = Site | Device
  input Order { field: String! role: Role! = ADMIN note: String }
  type Query {
    device(id: ID!): Device @requiresScopes(scopes: [["devices:read", "sites:read"]])
    place: Place @sessionOnly(role: ADMIN)
    devices(order: Order): [Device!]! @authenticated
    ping(at: DateTime): String @public
  }
`;

/** The contract as it would be built with `replacement` in place of `original`. */
function compareWith(original: string, replacement: string) {
  expect(CONTRACT).toContain(original);
  return compareSchemas(CONTRACT, CONTRACT.replace(original, replacement));
}

const NOTHING = { missing: [], disagreements: [] };

describe('comparison with the contract', () => {
  it('the comparison with the contract finds nothing where schema and contract are the same', () => {
    expect(compareSchemas(CONTRACT, CONTRACT)).toEqual(NOTHING);
  });

  it.each([
    ['a description', 'type Site {', '"A place." type Site {'],
    ['a type', 'type Site {', 'type Extra { a: Int } type Site {'],
    ['a field, with whatever access', 'type Site {', 'type Site { secret: String @sessionOnly'],
    ['an enum value', 'ADMIN VIEWER', 'ADMIN VIEWER GUEST'],
    ['an optional argument', 'device(id: ID!)', 'device(id: ID!, deep: Boolean)'],
    ['a non-null argument with a default', 'device(id: ID!)', 'device(id: ID!, deep: Boolean! = false)'],
    ['an optional input field', 'note: String', 'note: String more: Int'],
    ['a directive', 'scalar DateTime', 'directive @cost(weight: Int) on FIELD_DEFINITION scalar DateTime'],
    ['a place for a directive', '@public on', '@public on OBJECT |'],
    ['scopes in another order', '"devices:read", "sites:read"', '"sites:read", "devices:read"'],
  ])('the schema may have %s that the contract lacks', (_, original, replacement) => {
    expect(compareWith(original, replacement)).toEqual(NOTHING);
  });

  it.each([
    ['a type', 'scalar Colour', '', 'scalar Colour'],
    ['a field', 'name: String ', '', 'field Device.name'],
    ['an argument', ', after: String', '', 'input Device.alerts(after:)'],
    ['an input field', 'note: String', '', 'input Order.note'],
    ['an enum value', 'ADMIN VIEWER', 'ADMIN', 'enum value Role.VIEWER'],
    ['a union member', 'Site | Device', 'Site', 'union Place = Device'],
    ['an interface', 'Device implements Node', 'Device', 'type Device implements Node'],
  ])('the comparison with the contract names %s that is not built', (_, original, replacement, missing) => {
    const report = compareWith(original, replacement);
    expect(report).toEqual({ missing: [missing], disagreements: [] });
  });

  it('the comparison with the contract names a missing directive and scalar, and only the root where a whole root is missing', () => {
    const report = compareSchemas(CONTRACT, 'type Other { id: ID! } schema { query: Other }');
    expect(report.missing).toEqual(
      expect.arrayContaining(['directive @requiresScopes', 'directive @public', 'scalar DateTime', 'type Query']),
    );
    expect(report.missing.filter((part) => part.includes('Query'))).toEqual(['type Query']);
    expect(report.disagreements).toEqual(['the query root: the contract has Query, the schema Other']);
  });

  it.each([
    ["a field's type", 'name: String ', 'name: Int ', 'Device.name: the contract has String, the schema Int'],
    [
      "a field's nullability",
      'name: String ',
      'name: String! ',
      'Device.name: the contract has String, the schema String!',
    ],
    [
      "an argument's type",
      'at: DateTime',
      'at: String',
      'Query.ping(at:): the contract has DateTime, the schema String',
    ],
    [
      "an argument's default",
      'first: Int = 20',
      'first: Int = 10',
      'Device.alerts(first:), default: the contract has 20, the schema 10',
    ],
    [
      "an argument's lost default",
      'first: Int = 20',
      'first: Int',
      'Device.alerts(first:), default: the contract has 20, the schema none',
    ],
    [
      "an argument's added default",
      'after: String',
      'after: String = "x"',
      'Device.alerts(after:), default: the contract has none, the schema "x"',
    ],
    [
      "an input field's default",
      'role: Role! = ADMIN',
      'role: Role! = VIEWER',
      'Order.role, default: the contract has ADMIN, the schema VIEWER',
    ],
    [
      "an input field's type",
      'note: String',
      'note: String!',
      'Order.note: the contract has String, the schema String!',
    ],
    [
      'a required argument more',
      'device(id: ID!)',
      'device(id: ID!, why: String!)',
      'Query.device(why:): required, and not in the contract',
    ],
    [
      'a required input field more',
      'note: String',
      'note: String why: String!',
      'Order.why: required, and not in the contract',
    ],
    ['a kind', 'scalar DateTime', 'enum DateTime { NOW }', 'DateTime: the contract has scalar, the schema enum'],
    [
      "a directive's argument",
      '@sessionOnly(role: Role)',
      '@sessionOnly(role: Role!)',
      '@sessionOnly(role:): the contract has Role, the schema Role!',
    ],
    [
      'other scopes',
      '"sites:read"',
      '"sites:write"',
      'Query.device, access: the contract has @requiresScopes(scopes: [[devices:read, sites:read]]), the schema @requiresScopes(scopes: [[devices:read, sites:write]])',
    ],
    [
      'scopes that are any of, not all of',
      '[["devices:read", "sites:read"]]',
      '[["devices:read"], ["sites:read"]]',
      'Query.device, access: the contract has @requiresScopes(scopes: [[devices:read, sites:read]]), the schema @requiresScopes(scopes: [[devices:read], [sites:read]])',
    ],
    [
      'another role',
      'sessionOnly(role: ADMIN)',
      'sessionOnly',
      'Query.place, access: the contract has @sessionOnly(role: ADMIN), the schema @sessionOnly',
    ],
    [
      'another directive',
      '[Device!]! @authenticated',
      '[Device!]! @public',
      'Query.devices, access: the contract has @authenticated, the schema @public',
    ],
    [
      'no access',
      '[Device!]! @authenticated',
      '[Device!]!',
      'Query.devices, access: the contract has @authenticated, the schema none',
    ],
    [
      'access where there is none',
      'name: String ',
      'name: String @authenticated ',
      'Device.name, access: the contract has none, the schema @authenticated',
    ],
    [
      'one directive more',
      'String @public',
      'String @public @authenticated',
      'Query.ping, access: the contract has @public, the schema @authenticated @public',
    ],
  ])('the comparison with the contract reports a difference in %s', (_, original, replacement, disagreement) => {
    const contract = compareWith(original, replacement);
    expect(contract.disagreements).toEqual([disagreement]);
    expect(contract.missing).toEqual([]);
  });

  it('the comparison with the contract refuses a text that is no schema', () => {
    expect(() => compareSchemas(CONTRACT, 'type Query { device: Nowhere }')).toThrow('Unknown type "Nowhere"');
  });
});
