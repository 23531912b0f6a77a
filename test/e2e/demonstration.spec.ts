import { makeDemonstration } from '../../apps/portal/src/commands/demonstration.js';
import { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

const EVERYTHING = `{ devices { nodes {
  hostname status
  alerts { nodes { status severity message } }
  configBackups { nodes { trigger sizeBytes content } }
} } }`;
interface Shown {
  hostname: string;
  status: string;
  alerts: { nodes: { status: string }[] };
  configBackups: { nodes: { sizeBytes: number; content: string }[] };
}

describe('demonstration', () => {
  let api: TestPortal;
  let key: string | null | undefined;
  usePortal(async (started) => {
    api = started;
    key = await makeDemonstration(api.app);
  });

  it('the demonstration has two devices whose alerts and configurations its key reads', async () => {
    const devices = (await api.query(EVERYTHING, { key: key ?? '' })).at<Shown[]>('devices.nodes');
    expect(devices.map(({ hostname, status }) => [hostname, status])).toEqual([
      ['core-sw-01', 'ONLINE'],
      ['edge-rt-01', 'ONLINE'],
    ]);
    for (const { hostname, alerts, configBackups } of devices) {
      expect(new Set(alerts.nodes.map(({ status }) => status))).toEqual(new Set(['FIRING', 'RESOLVED']));
      expect(configBackups.nodes.length).toBeGreaterThan(1);
      expect(configBackups.nodes.every(({ content }) => content.includes(hostname))).toBe(true);
    }
  });

  it('the demonstration has people of every role, a service account, and upgrades that its admin sees', async () => {
    const session = await api.issuer.token('admin@demo.example', 3600, new Date());
    const answer = await api.query(
      `{ users { nodes { role kind } } devices { nodes { firmwareUpgrades { status } } } }`,
      { session },
    );
    const users = answer.at<{ role: string; kind: string }[]>('users.nodes');
    expect(users.map(({ role, kind }) => `${role} ${kind}`).sort()).toEqual([
      'OPERATOR HUMAN',
      'OPERATOR SERVICE',
      'TENANT_ADMIN HUMAN',
      'VIEWER HUMAN',
    ]);
    const devices = answer.at<{ firmwareUpgrades: { status: string }[] }[]>('devices.nodes');
    expect(devices.flatMap(({ firmwareUpgrades }) => firmwareUpgrades.map(({ status }) => status))).toEqual([
      'SCHEDULED',
      'CANCELLED',
      'SCHEDULED',
    ]);
  });

  it('the demonstration is made once', async () => {
    expect(await makeDemonstration(api.app)).toBeNull();
  });
});

describe('start of the demonstration', () => {
  let api: TestPortal;
  beforeEach(async () => {
    api = await TestPortal.start();
  });
  afterEach(() => api.stop());

  const interrupted = async (table: string) => {
    await api.database.sql(`create function interrupt() returns trigger as 'begin raise exception ''interrupted''; end'
      language plpgsql; create trigger interrupt before insert on ${table} for each row execute function interrupt()`);
    await expect(makeDemonstration(api.app)).rejects.toThrow('interrupted');
    await api.database.sql('drop function interrupt cascade');
  };

  it('a start of the demonstration completes what an interrupted start left, wherever it stopped', async () => {
    for (const table of ['users', 'devices', 'alerts', 'config_backups', 'firmware_upgrades', 'api_keys'])
      await interrupted(table);
    const key = await makeDemonstration(api.app);
    const devices = (await api.query(EVERYTHING, { key: key ?? '' })).at<Shown[]>('devices.nodes');
    expect(devices.map(({ hostname, alerts }) => [hostname, alerts.nodes.length])).toEqual([
      ['core-sw-01', 3],
      ['edge-rt-01', 2],
    ]);
    expect(await api.database.sql('select count(*)::int from tenants')).toEqual([{ count: 1 }]);
    expect(await api.database.sql('select count(*)::int from users')).toEqual([{ count: 5 }]);
  });

  it('no demonstration is made beside tenants that exist', async () => {
    await api.given.tenant();
    expect(await makeDemonstration(api.app)).toBeUndefined();
    expect(await api.database.sql('select id from users')).toEqual([]);
  });
});
