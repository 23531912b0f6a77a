import { schemaPage, undescribed } from './schema-docs.mjs';

const SCHEMA = `
  "Tells which scopes a field needs."
  directive @requiresScopes("Names of scopes, all of them." scopes: [String!]!) on FIELD_DEFINITION
  "An instant, such as 2030-01-01T00:00:00Z."
  scalar DateTime
  "What was last heard of a device."
  enum Status { "It answers, as last reported." ONLINE }
  "Which devices to list."
  input Filter { "Devices in this state." status: Status = ONLINE }
  "A router or a switch."
  type Device {
    "1 to 253 characters."
    hostname: String!
    "Alerts, newest first."
    alerts("How many: 1 | 100." first: Int = 20): [Device!]!
  }
  "What can be asked for."
  type Query {
    """
    The devices, by hostname.
    Access: needs \`devices:read\`.
    """
    devices("Omitted: every device." filter: Filter): [Device!]! @requiresScopes(scopes: ["devices:read"])
  }
`;

describe('descriptions of a schema', () => {
  it('a schema is complete where every part is described', () => {
    expect(undescribed(SCHEMA)).toEqual([]);
  });

  it.each([
    ['a type', '"A router or a switch."', 'Device'],
    ['a field', '"1 to 253 characters."', 'Device.hostname'],
    ['an argument', '"How many: 1 | 100."', 'Device.alerts(first:)'],
    ['an argument of an operation', '"Omitted: every device."', 'Query.devices(filter:)'],
    ['an enum', '"What was last heard of a device."', 'Status'],
    ['an enum value', '"It answers, as last reported."', 'Status.ONLINE'],
    ['an input', '"Which devices to list."', 'Filter'],
    ['an input field', '"Devices in this state."', 'Filter.status'],
    ['a scalar', '"An instant, such as 2030-01-01T00:00:00Z."', 'DateTime'],
    ['a directive', '"Tells which scopes a field needs."', '@requiresScopes'],
    ["a directive's argument", '"Names of scopes, all of them."', '@requiresScopes(scopes:)'],
  ])('a schema without the description of %s is incomplete', (_, description, coordinate) => {
    expect(SCHEMA).toContain(description);
    expect(undescribed(SCHEMA.replace(description, ''))).toEqual([coordinate]);
    expect(undescribed(SCHEMA.replace(description, '"It is one."'))).toEqual([coordinate]);
  });

  it('a schema is incomplete where the description of a field is only its access', () => {
    expect(undescribed(SCHEMA.replace('The devices, by hostname.', ''))).toEqual(['Query.devices']);
  });
});

describe('page of a schema', () => {
  const page = schemaPage(SCHEMA);

  it('the page of a schema lists the answer, the access and the arguments of an operation', () => {
    expect(page).toContain(`### Query.devices

→ \\[[Device](#device)!\\]! · needs \`devices:read\`.

The devices, by hostname.

| argument | type |  |
|---|---|---|
| \`filter\` | [Filter](#filter) | Omitted: every device. |`);
  });

  it.each([
    ['a field', '| `hostname` | String! | 1 to 253 characters. |  |'],
    ['an argument of a field, with its default', '| `alerts` `first` | Int | How many: 1 \\| 100. Default: `20`. |  |'],
    ['a member of an input', '| `status` | [Status](#status) | Devices in this state. Default: `ONLINE`. |'],
    ['an enum value', '| `ONLINE` | It answers, as last reported. |'],
    ['a scalar', '### DateTime\n\nAn instant, such as 2030-01-01T00:00:00Z.'],
    ["a directive's argument", '| `scopes` | \\[String!\\]! | Names of scopes, all of them. |'],
  ])('the page of a schema has a line for %s', (_, line) => {
    expect(page).toContain(line);
  });
});
