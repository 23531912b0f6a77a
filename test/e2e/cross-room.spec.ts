import { GivenResources } from '../support/given-resources.js';
import type { GivenTenant } from '../support/given.js';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

const PAGE = `query ($devices: Int!) {
  devices(first: $devices) { nodes {
    hostname
    alerts { nodes { message device { hostname } } }
    configBackups { nodes { content device { hostname } } }
    firmwareUpgrades { targetVersion device { hostname } }
  } }
}`;
const NESTED = `query ($first: Int, $after: String) {
  devices { nodes { hostname alerts(first: $first, after: $after) {
    nodes { message } pageInfo { hasNextPage hasPreviousPage endCursor }
  } } }
}`;
interface Nested {
  hostname: string;
  alerts: {
    nodes: { message: string }[];
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
  };
}
const TABLES = ['alerts', 'config_backups', 'firmware_upgrades'];

describe('fields of a device', () => {
  let api: TestPortal;
  let given: GivenResources;
  usePortal(async (started) => {
    api = started;
    given = new GivenResources(api);
  });

  /**
   * Makes the given number of devices, from `sw-001` on. Each has the given number of rows of each kind, named after the device:
   * `sw-001/1` is the oldest.
   */
  async function fleet(devices: number, rows: number) {
    const { tenant, secret } = await api.given.apiKey();
    await api.database.sql(
      `insert into devices (tenant_id, hostname, ip_address)
       select $1, 'sw-' || lpad(n::text, 3, '0'), '10.0.0.1' from generate_series(1, $2) n`,
      [tenant.id, devices],
    );
    await hang(tenant, rows);
    return { tenant, key: secret };
  }

  async function hang(tenant: GivenTenant, rows: number) {
    const from = (columns: string) => `select d.tenant_id, d.id, ${columns},
      timestamptz '2026-01-01' + n * interval '1 minute' from devices d, generate_series(1, $2) n where d.tenant_id = $1`;
    const name = `d.hostname || '/' || n`;
    for (const sql of [
      `insert into alerts (tenant_id, device_id, severity, message, fired_at) ${from(`'INFO', ${name}`)}`,
      `insert into config_backups (tenant_id, device_id, trigger, sha256, size_bytes, content, created_at)
       ${from(`'MANUAL', '', octet_length(${name}), ${name}`)}`,
      `insert into firmware_upgrades (tenant_id, device_id, target_version, scheduled_at, created_at)
       ${from(`${name}, timestamptz '2099-01-01'`)}`,
    ])
      await api.database.sql(sql, [tenant.id, rows]);
  }

  it('alerts, backups and upgrades are shown under their device and no other, newest first', async () => {
    const { key } = await fleet(3, 2);
    const nodes = (await api.query(PAGE, { key, variables: { devices: 10 } })).at('devices.nodes');
    expect(nodes).toEqual(
      ['sw-001', 'sw-002', 'sw-003'].map((hostname) => {
        const rows = (name: string) => [2, 1].map((n) => ({ [name]: `${hostname}/${n}`, device: { hostname } }));
        return {
          hostname,
          alerts: { nodes: rows('message') },
          configBackups: { nodes: rows('content') },
          firmwareUpgrades: rows('targetVersion'),
        };
      }),
    );
  });

  it('the fields of a device cost the same statements for a page of 100 devices as for a page of 10', async () => {
    const { key } = await fleet(100, 3);
    const variables = (devices: number) => ({ key, variables: { devices } });
    const shown = (await api.query(PAGE, variables(100))).at<{ alerts: { nodes: unknown[] } }[]>('devices.nodes');
    expect([shown.length, shown.flatMap(({ alerts }) => alerts.nodes).length]).toEqual([100, 300]);
    // Less the heartbeats of the invalidation channel, which fall into a slow request by chance.
    const statements = async (devices: number) =>
      (await api.sqlOf(() => api.query(PAGE, variables(devices)))).filter((sql) => !/notify/i.test(sql));
    const [ten, hundred] = [await statements(10), await statements(100)];
    // Of the resources only: the heartbeat of the invalidation channel and a lookup of the key come when they come.
    const readsIn = (sql: string[]) =>
      sql.filter((statement) => TABLES.concat('devices').some((table) => statement.includes(`from "${table}"`))).sort();
    const reads = readsIn(hundred);
    // To the letter: each text is prepared, and the number of prepared texts is bounded.
    expect(reads).toEqual(readsIn(ten));
    // Devices, each kind, the devices once more for the way back, and the contents.
    expect(reads).toHaveLength(6);
  });

  it('the lists of all devices are paged by one cursor', async () => {
    const { tenant, key } = await fleet(2, 5);
    const device = await api.given.device({ tenant, hostname: 'sw-003' });
    await given.alert({ tenant, device, message: 'sw-003/old', firedAt: new Date('2025-01-01') });
    const page = async (variables: Record<string, unknown>) =>
      (await api.query(NESTED, { key, variables })).at<Nested[]>('devices.nodes');
    const messages = (nodes: Nested[]) => nodes.map(({ alerts }) => alerts.nodes.map(({ message }) => message));

    const first = await page({ first: 2 });
    expect(messages(first)).toEqual([['sw-001/5', 'sw-001/4'], ['sw-002/5', 'sw-002/4'], ['sw-003/old']]);
    expect(first.map(({ alerts }) => alerts.pageInfo.hasNextPage)).toEqual([true, true, false]);

    const second = await page({ first: 2, after: first[1]?.alerts.pageInfo.endCursor });
    expect(messages(second)[1]).toEqual(['sw-002/3', 'sw-002/2']);
    expect(messages(second)[2]).toEqual(['sw-003/old']);
    const third = await page({ first: 2, after: second[1]?.alerts.pageInfo.endCursor });
    expect(messages(third)[1]).toEqual(['sw-002/1']);
    expect(third[1]?.alerts.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  it('the same list of a device can be asked for with different arguments side by side', async () => {
    const { key } = await fleet(2, 3);
    const answer = await api.query(
      `{ devices { nodes { one: alerts(first: 1) { nodes { message } } two: alerts(first: 2) { nodes { message } } } } }`,
      { key },
    );
    const nodes = answer.at<Record<'one' | 'two', { nodes: unknown[] }>[]>('devices.nodes');
    expect(nodes.map(({ one, two }) => [one.nodes.length, two.nodes.length])).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('a list under a device has 20 rows by default, also where the size is null', async () => {
    const { key } = await fleet(1, 21);
    const answer = await api.query(
      `{ devices { nodes { alerts { nodes { message } } configBackups(first: null) { nodes { id } } } } }`,
      { key },
    );
    const [device] = answer.at<Record<'alerts' | 'configBackups', { nodes: unknown[] }>[]>('devices.nodes');
    expect([device?.alerts.nodes.length, device?.configBackups.nodes.length]).toEqual([20, 20]);
  });

  it.each([
    ['alerts(first: 0)', 'OUT_OF_RANGE', 'first'],
    ['configBackups(first: 101)', 'OUT_OF_RANGE', 'first'],
    ['alerts(after: "x")', 'INVALID_CURSOR', 'after'],
    ['configBackups(after: "x")', 'INVALID_CURSOR', 'after'],
  ])('a device refuses %s, and the error names field and argument', async (field, code, argument) => {
    const { key } = await fleet(1, 1);
    const answer = await api.query(`{ devices { nodes { ${field} { nodes { id } } } } }`, { key });
    expect(answer.errors).toMatchObject([
      {
        path: ['devices', 'nodes', 0, field.replace(/\(.*/, '')],
        extensions: { code: 'BAD_USER_INPUT', problems: [{ code, path: [argument] }] },
      },
    ]);
  });

  it('a list under a device does not take the word null for a cursor, beside a field without a cursor', async () => {
    const { key } = await fleet(1, 1);
    const answer = await api.query(
      `{ devices { nodes { a: alerts { nodes { id } } b: alerts(after: "null") { nodes { id } } } } }`,
      { key },
    );
    expect(answer.errors.map(({ path }) => path)).toEqual([['devices', 'nodes', 0, 'b']]);
    expect(answer.problemCodes).toEqual([['after', 'INVALID_CURSOR']]);
  });

  it('a list under a device refuses the cursor of another list', async () => {
    const { key } = await fleet(1, 2);
    const list = await api.query(`{ alerts(first: 1) { pageInfo { endCursor } } }`, { key });
    const after = list.at('alerts.pageInfo.endCursor');
    const answer = await api.query(NESTED, { key, variables: { after } });
    expect(answer.problems).toMatchObject([{ code: 'INVALID_CURSOR', path: ['after'] }]);
  });

  it('each field of a device needs its own scope and is refused by itself', async () => {
    const { tenant } = await fleet(1, 1);
    const scopes = { alerts: 'alerts:read', configBackups: 'config:read', firmwareUpgrades: 'firmware:write' };
    const asked = `{ devices { nodes { alerts { nodes { id } } configBackups { nodes { id } } firmwareUpgrades { id } } } }`;
    for (const [field, scope] of Object.entries(scopes)) {
      const { secret } = await api.given.apiKey({ tenant, scopes: ['devices:read', scope] });
      const refused = await api.query(asked, { key: secret });
      const others = Object.keys(scopes).filter((name) => name !== field);
      expect([refused.status, refused.errors.map(({ path }) => path?.at(-1))]).toEqual([403, others]);
      expect(refused.body).not.toHaveProperty('data');
    }
  });

  it('alerts, backups and upgrades are deleted with their device', async () => {
    const { tenant, key } = await fleet(2, 2);
    const [device] = await api.database.sql<{ id: string }>(
      `select id from devices where tenant_id = $1 and hostname = 'sw-001'`,
      [tenant.id],
    );
    const variables = { id: device?.id };
    await api.query(`mutation ($id: ID!) { deleteDevice(id: $id) { id } }`, { key, variables });
    for (const table of TABLES) {
      const left = await api.database.sql<{ hostname: string }>(
        `select distinct d.hostname from ${table} r join devices d on d.id = r.device_id where r.tenant_id = $1`,
        [tenant.id],
      );
      expect([table, left.map(({ hostname }) => hostname)]).toEqual([table, ['sw-002']]);
    }
  });

  it.each(TABLES)('the database itself refuses to mix tenants in %s', async (table) => {
    const [mine, theirs] = [await fleet(1, 1), await fleet(1, 1)];
    const seenBy = async (tenantId: string | undefined) => {
      const rows = await api.database.sqlAs<{ tenant_id: string }>('portal_app', tenantId, `select * from ${table}`);
      return [...new Set(rows.map((row) => row.tenant_id))];
    };
    expect(await seenBy(mine.tenant.id)).toEqual([mine.tenant.id]);
    expect(await seenBy(theirs.tenant.id)).toEqual([theirs.tenant.id]);
    expect(await seenBy(undefined)).toEqual([]);
    const copy = `insert into ${table} select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'tenant_id', $1::uuid))).* from ${table} t`;
    const smuggle = api.database.sqlAs('portal_app', mine.tenant.id, copy, [theirs.tenant.id]);
    await expect(smuggle).rejects.toMatchObject({ code: '42501' });
    const remove = api.database.sqlAs('portal_app', mine.tenant.id, `delete from ${table}`);
    await expect(remove).rejects.toMatchObject({ code: '42501' });
  });
});
