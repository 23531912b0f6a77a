import type { GivenDevice, GivenTenant } from '../support/given.js';
import { GivenResources } from '../support/given-resources.js';
import { usePortal } from '../support/hooks.js';
import type { TestPortal } from '../support/test-portal.js';

interface Resources {
  tenant: GivenTenant;
  device: GivenDevice;
  session: string;
}

/** Of each kind one, on a device of its own. */
async function givenResources(
  api: TestPortal,
  tenant?: GivenTenant,
): Promise<Resources & { ids: Record<string, string> }> {
  const owner = tenant ?? (await api.given.tenant());
  const { session } = await api.given.admin(owner);
  const given = new GivenResources(api);
  const device = await api.given.device({ tenant: owner });
  const of = { tenant: owner, device };
  const ids = {
    tenants: owner.id,
    users: (await api.given.user({ tenant: owner })).id,
    devices: device.id,
    alerts: await given.alert(of),
    config_backups: await given.configBackup(of),
    firmware_upgrades: await given.firmwareUpgrade(of),
  };
  return { ...of, session, ids };
}

describe('rows of resources that somebody edits by hand', () => {
  let api: TestPortal;
  let ids: Record<string, string>;
  usePortal(async (started) => {
    api = started;
    ({ ids } = await givenResources(api));
  });

  it.each([
    ['tenants', 'name', `repeat('x', 201)`],
    ['tenants', 'created_at', `'infinity'`],
    ['tenants', 'suspended_at', `'-infinity'`],
    ['users', 'email', `repeat('x', 321)`],
    ['users', 'name', `repeat('x', 201)`],
    ['users', 'created_at', `'294000-01-01'`],
    ['devices', 'hostname', `repeat('x', 254)`],
    ['devices', 'ip_address', `repeat('1', 46)`],
    ['devices', 'model', `repeat('x', 201)`],
    ['devices', 'serial_number', `repeat('x', 201)`],
    ['devices', 'firmware_version', `repeat('x', 201)`],
    ['devices', 'last_seen_at', `'10000-01-01'`],
    ['devices', 'created_at', `'0044-03-15 BC'`],
    ['devices', 'updated_at', `'infinity'`],
    ['alerts', 'message', `repeat('x', 2001)`],
    ['alerts', 'fired_at', `'0044-03-15 BC'`],
    ['alerts', 'resolved_at', `'10000-01-01'`],
    ['config_backups', 'sha256', `repeat('0', 65)`],
    ['config_backups', 'content, size_bytes', `repeat('x', 65537), 65537`],
    ['config_backups', 'created_at', `'infinity'`],
    ['firmware_upgrades', 'target_version', `repeat('x', 201)`],
    ['firmware_upgrades', 'scheduled_at', `'10000-01-01'`],
    ['firmware_upgrades', 'created_at', `'infinity'`],
  ])('an impossible row of a resource is refused by the table: %s with %s = %s', async (table, columns, values) => {
    const edit = api.database.sql(`update ${table} set (${columns}) = row(${values}) where id = $1`, [ids[table]]);
    await expect(edit).rejects.toMatchObject({ code: '23514' });
  });

  it.each([
    ['api_key_usage_hours', 'hour', `date_trunc('hour', now(), 'UTC')`, '-1'],
    ['api_key_usage_hours', 'hour', `'infinity'::timestamptz`, '1'],
    ['api_key_usage_days', 'day', 'current_date', '-1'],
    ['api_key_usage_days', 'day', `'infinity'::date`, '1'],
  ])(
    'an impossible count of uses is refused by the table: %s with %s = %s and a count of %s',
    async (table, column, value, count) => {
      const { id, tenant } = await api.given.apiKey();
      const insert = `insert into ${table} (api_key_id, tenant_id, ${column}, allowed, denied) values ($1, $2, ${value}, ${count}, 0)`;
      await expect(api.database.sql(insert, [id, tenant.id])).rejects.toMatchObject({ code: '23514' });
    },
  );
});

const LISTS: Record<string, readonly [query: string, path: string]> = {
  users: ['{ users { nodes { id createdAt } } }', 'users.nodes'],
  devices: ['{ devices { nodes { id createdAt updatedAt lastSeenAt } } }', 'devices.nodes'],
  alerts: ['{ alerts { nodes { id firedAt resolvedAt } } }', 'alerts.nodes'],
  config_backups: ['{ configBackups { nodes { id createdAt } } }', 'configBackups.nodes'],
};

describe('impossible rows of resources that are stored anyway', () => {
  let api: TestPortal;
  usePortal(async (started) => {
    api = started;
    for (const { table, name } of await api.database.sql<{ table: string; name: string }>(
      `select conrelid::regclass::text as table, conname as name from pg_constraint
       where contype = 'c' and (conname like '%\\_bounds\\_check' or conname like '%\\_at\\_check')`,
    ))
      await api.database.sql(`alter table ${table} drop constraint ${name}`);
  });

  it.each([
    ['users', 'created_at', `'infinity'`],
    ['devices', 'created_at', `'-infinity'`],
    ['devices', 'updated_at', `'294000-01-01'`],
    ['devices', 'created_at', `'0044-03-15 BC'`],
    ['alerts', 'fired_at', `'infinity'`],
    ['config_backups', 'created_at', `'294000-01-01'`],
  ])(
    'an impossible row of a resource harms no other of its list, and is logged once: %s with %s = %s',
    async (table, column, value) => {
      const good = await givenResources(api);
      const odd = (await givenResources(api, good.tenant)).ids[table] ?? '';
      await api.database.sql(`update ${table} set ${column} = ${value} where id = $1`, [odd]);
      const [query, path] = LISTS[table] ?? ['', ''];
      const shown = async () =>
        (await api.query(query, { session: good.session })).at<{ id: string }[]>(path).map(({ id }) => id);
      const both = [await shown(), await shown()];
      const holds = (id: string | undefined) => both.map((ids) => ids.includes(id ?? ''));
      expect([holds(good.ids[table]), holds(odd)]).toEqual([
        [true, true],
        [false, false],
      ]);
      expect(api.log.filter((line) => line.includes(odd) && line.includes('left out'))).toHaveLength(1);
    },
  );

  it('an impossible row of a resource harms no other row of a list below a device', async () => {
    const { tenant, device, session, ids } = await givenResources(api);
    const of = { tenant, device };
    const given = new GivenResources(api);
    const odd = {
      alerts: await given.alert(of),
      config_backups: await given.configBackup(of),
      firmware_upgrades: await given.firmwareUpgrade(of),
    };
    await api.database.sql(`update alerts set fired_at = '294000-01-01' where id = $1`, [odd.alerts]);
    await api.database.sql(`update config_backups set created_at = 'infinity' where id = $1`, [odd.config_backups]);
    await api.database.sql(`update firmware_upgrades set scheduled_at = '-infinity' where id = $1`, [
      odd.firmware_upgrades,
    ]);
    const query = `query ($id: ID!) { device(id: $id) {
      alerts { nodes { id firedAt } } configBackups { nodes { id createdAt } } firmwareUpgrades { id scheduledAt }
    } }`;
    const answer = await api.query(query, { session, variables: { id: device.id } });
    const idsAt = (path: string) => answer.at<{ id: string }[]>(path).map(({ id }) => id);
    expect(idsAt('device.alerts.nodes')).toEqual([ids['alerts']]);
    expect(idsAt('device.configBackups.nodes')).toEqual([ids['config_backups']]);
    expect(idsAt('device.firmwareUpgrades')).toEqual([ids['firmware_upgrades']]);
  });

  it.each([`'infinity'`, `'294000-01-01'`, `'0044-03-15 BC'`])(
    'an impossible instant %s stops nobody who goes on by pages of one row',
    async (at) => {
      const { tenant, device, session, ids } = await givenResources(api);
      const given = new GivenResources(api);
      const odd = await given.alert({ tenant, device });
      const last = await given.alert({ tenant, device, firedAt: new Date('2000-01-01') });
      await api.database.sql(`update alerts set fired_at = ${at} where id = $1`, [odd]);
      const seen: string[] = [];
      for (let after: string | null = null, n = 0; n < 4; n++) {
        const query = `query ($after: String) { alerts(first: 1, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } }`;
        const answer = await api.query(query, { session, variables: { after } });
        seen.push(...answer.at<{ id: string }[]>('alerts.nodes').map(({ id }) => id));
        if (!answer.at('alerts.pageInfo.hasNextPage')) break;
        after = answer.at<string>('alerts.pageInfo.endCursor');
      }
      expect(seen.toSorted()).toEqual([ids['alerts'], last].toSorted());
    },
  );

  it('a stored negative count counts as zero, and harms no count of another key', async () => {
    const key = await api.given.apiKey();
    const odd = await api.given.apiKey({ tenant: key.tenant });
    await api.database.sql(
      `insert into api_key_usage_hours values ($1, date_trunc('hour', now(), 'UTC'), $2, -9000000000, 0)`,
      [odd.id, key.tenant.id],
    );
    const query = `query ($ids: [ID!]!) { apiKeyRevocationImpact(ids: $ids) { requestsLast24h } }`;
    const answer = await api.query(query, { session: key.admin.session, variables: { ids: [key.id, odd.id] } });
    expect(answer.errors).toEqual([]);
    expect(answer.at('apiKeyRevocationImpact')).toEqual([{ requestsLast24h: 0 }, { requestsLast24h: 0 }]);
  });
});
