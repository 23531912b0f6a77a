import type { GivenTenant } from '../support/given.js';
import { TestPortal } from '../support/test-portal.js';

const CREATE = `mutation ($input: CreateDeviceInput!) {
  createDevice(input: $input) { device { id hostname ipAddress model serialNumber firmwareVersion status lastSeenAt } }
}`;
const UPDATE = `mutation ($input: UpdateDeviceInput!) {
  updateDevice(input: $input) { device { id hostname ipAddress model serialNumber status createdAt updatedAt } }
}`;
const LIST = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: DeviceFilter) {
  devices(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    totalCount nodes { hostname } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

let api: TestPortal;
let tenant: GivenTenant;
let key: string;

describe('devices', () => {
  beforeAll(async () => {
    api = await TestPortal.start();
  });
  beforeEach(async () => {
    tenant = await api.given.tenant();
    key = (await api.given.apiKey({ tenant, scopes: ['devices:read', 'devices:write'] })).secret;
  });
  afterAll(() => api.stop());

  const ask = (query: string, variables: Record<string, unknown>) => api.query(query, { key, variables });
  const namesOf = (answer: Awaited<ReturnType<typeof ask>>) =>
    answer.at<{ hostname: string }[]>('devices.nodes').map(({ hostname }) => hostname);

  it('a device is created, read, changed and removed with a key', async () => {
    const created = await ask(CREATE, { input: { hostname: 'sw-1', ipAddress: '2001:DB8:0::1', model: ' CX ' } });
    const device = created.at<{ id: string }>('createDevice.device');
    expect(device).toEqual({
      id: expect.any(String),
      hostname: 'sw-1',
      ipAddress: '2001:db8::1',
      model: 'CX',
      serialNumber: null,
      firmwareVersion: null,
      status: 'UNKNOWN',
      lastSeenAt: null,
    });
    const updated = await ask(UPDATE, { input: { id: device.id, model: null, status: 'ONLINE' } });
    expect(updated.at('updateDevice.device')).toMatchObject({ hostname: 'sw-1', model: null, status: 'ONLINE' });
    const read = await ask('query ($id: ID!) { device(id: $id) { hostname status } }', { id: device.id });
    expect(read.at('device')).toEqual({ hostname: 'sw-1', status: 'ONLINE' });
    const removed = await ask('mutation ($id: ID!) { deleteDevice(id: $id) { id } }', { id: device.id });
    expect(removed.at('deleteDevice.id')).toBe(device.id);
    expect((await ask('query ($id: ID!) { device(id: $id) { id } }', { id: device.id })).at('device')).toBeNull();
  });

  it.each([
    ['2001:DB8:0::1', '2001:db8::1'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['::192.0.2.1', '::c000:201'],
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2', undefined],
    ['192.0.2.01', undefined],
    ['::ffff:192.0.2.01', undefined],
    ['fe80::1%eth0', undefined],
  ])('a device with the address %s is stored with %s', async (ipAddress, kept) => {
    const created = await ask(CREATE, { input: { hostname: 'sw-1', ipAddress } });
    if (kept === undefined) expect(created.code).toBe('BAD_USER_INPUT');
    else expect(created.at('createDevice.device.ipAddress')).toBe(kept);
  });

  it('a device that is updated to the values it has does not change', async () => {
    const { id } = await api.given.device({ tenant, hostname: 'same', model: 'MX' });
    const kept = async () =>
      (await api.database.sql('select row_to_json(devices) as row from devices where id = $1', [id]))[0];
    const before = await kept();
    for (const input of [{}, { hostname: 'same' }, { model: ' MX ', serialNumber: null }]) {
      const answer = await ask(UPDATE, { input: { id, ...input } });
      expect([answer.status, answer.errors]).toEqual([200, []]);
      expect(await kept()).toEqual(before);
    }
    await ask(UPDATE, { input: { id, model: null } });
    expect(await kept()).not.toEqual(before);
  });

  it('devices are listed by hostname without regard to case, forwards and backwards', async () => {
    for (const hostname of ['b', 'A', 'd', 'C']) await api.given.device({ tenant, hostname });
    const first = await ask(LIST, { first: 3 });
    expect(namesOf(first)).toEqual(['A', 'b', 'C']);
    expect(first.at('devices.totalCount')).toBe(4);
    const rest = await ask(LIST, { first: 3, after: first.at('devices.pageInfo.endCursor') });
    expect(namesOf(rest)).toEqual(['d']);
    const back = await ask(LIST, { last: 2, before: rest.at('devices.pageInfo.startCursor') });
    expect(namesOf(back)).toEqual(['b', 'C']);
  });

  it.each([
    ['a status', { status: ['ONLINE'] }, ['on']],
    ['several', { status: ['ONLINE', 'UNKNOWN'] }, ['off_%', 'on']],
    ['none', { status: [] }, []],
    ['a piece of the name', { search: 'OFF' }, ['off_%']],
    ['a piece of the model', { search: 'mx 204' }, ['on']],
    ['characters that LIKE would take for wildcards', { search: '_%' }, ['off_%']],
    ['a backslash', { search: '\\' }, []],
    ['the end of one member and the start of the next', { search: 'mx 204 sn' }, []],
    ['all of the last member', { search: 'SN-7' }, ['on']],
  ])('a device is found by %s', async (_, filter, expected) => {
    const { id } = await api.given.device({ tenant, hostname: 'on', model: 'MX 204' });
    await ask(UPDATE, { input: { id, status: 'ONLINE', serialNumber: 'sn-7' } });
    await api.given.device({ tenant, hostname: 'off-x' });
    await api.database.sql(`update devices set hostname = 'off_%' where hostname = 'off-x' and tenant_id = $1`, [
      tenant.id,
    ]);
    expect(namesOf(await ask(LIST, { filter }))).toEqual(expected);
  });

  it.each([
    ['ΟΔΟΣ 7', 'οδος'],
    ['Straße', 'STRASSE'],
    ['congreſs', 'CONGRESS'],
  ])('a device of the model %s is found by %s: case does not count in any script', async (model, search) => {
    const { hostname } = await api.given.device({ tenant, model });
    await api.given.device({ tenant, model: 'other' });
    expect(namesOf(await ask(LIST, { filter: { search } }))).toEqual([hostname]);
  });

  it('the list of devices goes on after a device whose name is a word of PostgreSQL', async () => {
    for (const hostname of ['Infinity', 'a', 'z']) await api.given.device({ tenant, hostname });
    const first = await ask(LIST, { first: 2 });
    const rest = await ask(LIST, { first: 2, after: first.at('devices.pageInfo.endCursor') });
    expect([...namesOf(first), ...namesOf(rest)]).toEqual(['a', 'Infinity', 'z']);
  });

  it('the list of devices goes on where the next page is asked for with null for the other arguments', async () => {
    for (const hostname of ['a', 'b']) await api.given.device({ tenant, hostname });
    const first = await ask(LIST, { first: 1, filter: {} });
    const filter = { status: null, search: null };
    const rest = await ask(LIST, { first: 1, after: first.at('devices.pageInfo.endCursor'), filter });
    expect([...namesOf(first), ...namesOf(rest)]).toEqual(['a', 'b']);
  });

  it('a list of devices reports a bad page and a bad filter together', async () => {
    const answer = await ask(LIST, { first: 101, filter: { search: 's'.repeat(201) } });
    expect(answer.problemCodes).toEqual([
      ['filter.search', 'TOO_LONG'],
      ['first', 'OUT_OF_RANGE'],
    ]);
  });

  it('a device cannot have the hostname of another, in any case', async () => {
    await api.given.device({ tenant, hostname: 'sw-1' });
    const other = await api.given.device({ tenant, hostname: 'sw-2' });
    const created = await ask(CREATE, { input: { hostname: 'SW-1', ipAddress: '10.0.0.1' } });
    expect([created.status, created.code, created.reason]).toEqual([200, 'CONFLICT', 'ALREADY_EXISTS']);
    const renamed = await ask(UPDATE, { input: { id: other.id, hostname: 'Sw-1' } });
    expect([renamed.code, renamed.reason]).toEqual(['CONFLICT', 'ALREADY_EXISTS']);
  });

  it.each<[string, Record<string, unknown>, [string, string][]]>([
    ['no hostname to speak of', { hostname: ' ' }, [['hostname', 'TOO_SHORT']]],
    ['a hostname with a space', { hostname: 'a b' }, [['hostname', 'MALFORMED']]],
    ['a hostname of 254 characters', { hostname: 'a'.repeat(254) }, [['hostname', 'TOO_LONG']]],
    ['an address that is none', { ipAddress: '10.0.0' }, [['ipAddress', 'MALFORMED']]],
    ['an address with a port', { ipAddress: '10.0.0.1:22' }, [['ipAddress', 'MALFORMED']]],
    [
      'both',
      { hostname: '-', ipAddress: 'x' },
      [
        ['hostname', 'MALFORMED'],
        ['ipAddress', 'MALFORMED'],
      ],
    ],
    ['a model with a NUL', { model: 'a\u0000' }, [['model', 'MALFORMED']]],
    ['a model of nothing visible', { model: '\u3164\u200b' }, [['model', 'TOO_SHORT']]],
    ['a model with a line separator', { model: 'a\u2028b' }, [['model', 'MALFORMED']]],
  ])('a device with %s is refused, the error names the member, and nothing is written', async (_, input, expected) => {
    const answer = await ask(CREATE, { input: { hostname: 'ok', ipAddress: '10.0.0.1', ...input } });
    expect(answer.problems.map(({ path, code }) => [path[1], code])).toEqual(expected);
    expect(await api.database.sql('select from devices where tenant_id = $1', [tenant.id])).toEqual([]);
  });

  it('a change of a device reports a bad id and bad members together', async () => {
    const answer = await ask(UPDATE, { input: { id: 'x', hostname: '-', ipAddress: 'y' } });
    expect(answer.problemCodes).toEqual([
      ['input.id', 'MALFORMED'],
      ['input.hostname', 'MALFORMED'],
      ['input.ipAddress', 'MALFORMED'],
    ]);
  });

  it('the required members of a device cannot be cleared', async () => {
    const { id } = await api.given.device({ tenant });
    const answer = await ask(UPDATE, { input: { id, hostname: null, status: null } });
    expect(answer.problems.map(({ path, code }) => [path[1], code])).toEqual([
      ['hostname', 'REQUIRED'],
      ['status', 'REQUIRED'],
    ]);
  });

  it('a key without devices:write cannot write a device: the whole operation is refused, and the error names field and scope', async () => {
    const reader = await api.given.apiKey({ tenant, scopes: ['devices:read'] });
    const answer = await api.query(
      'mutation { made: createDevice(input: { hostname: "x", ipAddress: "10.0.0.1" }) { device { id } } }',
      { key: reader.secret },
    );
    expect(answer.status).toBe(403);
    expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
    expect(answer.body).toEqual({
      errors: [
        {
          message: expect.stringContaining('devices:write'),
          path: ['made'],
          extensions: {
            code: 'FORBIDDEN',
            reason: 'MISSING_SCOPE',
            requiredScopes: ['devices:write'],
            grantedScopes: ['devices:read'],
          },
        },
      ],
    });
    expect(await api.database.sql('select from devices where tenant_id = $1', [tenant.id])).toEqual([]);
  });
});
