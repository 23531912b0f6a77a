import { compareSchemas } from './compare-contract.mjs';
import { partsOf, withParts } from './contract-parts.mjs';

const CONTRACT = `
  directive @sessionOnly(role: Role) on FIELD_DEFINITION
  enum Role { ADMIN VIEWER }
  type Key { id: ID! note: String @sessionOnly(role: ADMIN) }
  type Query { key(id: ID!): Key @sessionOnly(role: ADMIN) keys: [Key!]! @sessionOnly(role: ADMIN) policy: String @sessionOnly(role: ADMIN) }
`;
const ADDITIONS = `
# what a reader should know first

# ============================================================ part A: events

extend type Query { events: [String!]! @sessionOnly(role: ADMIN) }

# ============================================================ part B: members' keys

extend enum Role { MEMBER }
extend type Key { reason: String }
# These lose their role: any session may call them.
#   Query.key(id), keys
#   Key.note
extend type Query { presets: [String!]! }
`;
const parts = partsOf(ADDITIONS);
const partB = parts.filter(({ name }) => name === 'B');

it('the additions to the contract are read part by part', () => {
  expect(parts.map(({ name, withoutRole }) => [name, withoutRole])).toEqual([
    ['A', []],
    ['B', ['Query.key', 'Query.keys', 'Key.note']],
  ]);
});

it('a part that is complete adds its names, and its fields lose their role', () => {
  const built = `
    directive @sessionOnly(role: Role) on FIELD_DEFINITION
    enum Role { ADMIN VIEWER MEMBER }
    type Key { id: ID! note: String @sessionOnly reason: String }
    type Query { key(id: ID!): Key @sessionOnly keys: [Key!]! @sessionOnly policy: String @sessionOnly(role: ADMIN) presets: [String!]! }
  `;
  expect(compareSchemas(withParts(CONTRACT, partB), built)).toEqual({ missing: [], disagreements: [] });
  expect(compareSchemas(CONTRACT, built).disagreements).toHaveLength(3);
});

it('a part that is complete makes the schema before it incomplete', () => {
  const { missing, disagreements } = compareSchemas(withParts(CONTRACT, partB), CONTRACT);
  expect(missing).toEqual(['enum value Role.MEMBER', 'field Key.reason', 'field Query.presets']);
  expect(disagreements).toEqual([
    'Key.note, access: the contract has @sessionOnly, the schema @sessionOnly(role: ADMIN)',
    'Query.key, access: the contract has @sessionOnly, the schema @sessionOnly(role: ADMIN)',
    'Query.keys, access: the contract has @sessionOnly, the schema @sessionOnly(role: ADMIN)',
  ]);
});
