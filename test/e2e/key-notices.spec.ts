import type { GivenKey, GivenUser } from '../support/given.js';
import { askKeys } from '../support/key-operations.js';
import { moveEnd, noticeThePast, sweptAgain } from '../support/notices.js';
import { TestDatabase } from '../support/test-database.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { flush, QUIET, READ } from '../support/usage.js';
import { deliveriesOf, makeEndpoint } from '../support/webhooks.js';

const LOOKING = {
  config: { ...QUIET, webhooks: { acceptHttp: true, allowedNetworks: ['127.0.0.0/8'], sweepMs: 10 } },
};
const EXPIRY_KINDS = ['API_KEY_EXPIRING', 'API_KEY_EXPIRED'];

describe('notices that time brings about', () => {
  let api: TestPortal;
  let second: TestPortal;
  beforeAll(async () => {
    api = await TestPortal.start(LOOKING);
    second = await TestPortal.start({ ...LOOKING, database: api.database });
    await noticeThePast(api.database);
  });
  afterAll(async () => {
    await second.stop();
    await api.stop();
  });

  const listening = async (kinds = EXPIRY_KINDS, portal = api) => {
    const key = await portal.given.apiKey();
    const endpoint = await makeEndpoint(portal, key.admin, { kinds });
    return { key, endpoint };
  };
  /** What was reported, in the order in which it is sent. */
  const reported = async (admin: GivenUser, endpointId: string, portal = api) =>
    (await deliveriesOf(portal, admin, endpointId))
      .map(({ kind, payload: { data } }) => `${kind} ${data['daysBefore'] ?? ''}`.trim())
      .toReversed();
  const reports = async (admin: GivenUser, endpointId: string, expected: string[]) => {
    await sweptAgain(api.database);
    expect(await reported(admin, endpointId)).toEqual(expected);
  };

  it('a key is reported 30, 7 and 1 days before its end and at its end, once each, and again after the end moved', async () => {
    const { key, endpoint } = await listening();
    const soFar: string[] = [];
    const moved = async (days: number, ...added: string[]) => {
      // Time goes by: the end stays the same instant, and everything stored moves into the past.
      soFar.push(...added);
      await moveEnd(api.database, [key.id], days);
      await reports(key.admin, endpoint.id, soFar);
    };
    await reports(key.admin, endpoint.id, []);
    await moved(30.1);
    await moved(29.9, 'API_KEY_EXPIRING 30');
    await reports(key.admin, endpoint.id, soFar);
    await moved(60);
    await moved(29.9, 'API_KEY_EXPIRING 30');
    await moved(-0.1, 'API_KEY_EXPIRING 30', 'API_KEY_EXPIRING 7', 'API_KEY_EXPIRING 1', 'API_KEY_EXPIRED');
    await reports(key.admin, endpoint.id, soFar);
  });

  it('as time goes by, each notice of one end is reported when it is due', async () => {
    const { key, endpoint } = await listening();
    await moveEnd(api.database, [key.id], 29.9);
    await reports(key.admin, endpoint.id, ['API_KEY_EXPIRING 30']);
    /** The end is the one that was reported, and comes nearer. */
    const comesNearer = (days: number) =>
      api.database.withClient(async (client) => {
        // No pass over the keys sees the one without the other.
        await client.query('begin; select from notice_sweeps for update');
        for (const change of [
          `update api_keys set expires_at = expires_at - make_interval(days => $2),
             created_at = created_at - make_interval(days => $2) where id = $1`,
          'update api_key_notices set ends_at = ends_at - make_interval(days => $2) where api_key_id = $1',
        ])
          await client.query(change, [key.id, days]);
        await client.query('commit');
      });
    await comesNearer(23);
    await reports(key.admin, endpoint.id, ['API_KEY_EXPIRING 30', 'API_KEY_EXPIRING 7']);
    await comesNearer(6);
    await comesNearer(1);
    const all = ['API_KEY_EXPIRING 30', 'API_KEY_EXPIRING 7', 'API_KEY_EXPIRING 1', 'API_KEY_EXPIRED'];
    await reports(key.admin, endpoint.id, all);
  });

  it('a key made for a shorter time than a reminder has no such reminder; a revoked key has no notice', async () => {
    const { key, endpoint } = await listening();
    const revoked = await api.given.apiKey({ tenant: key.tenant });
    await askKeys(api, 'revokeApiKeys', { input: { ids: [revoked.id] } }, { session: key.admin.session });
    await moveEnd(api.database, [key.id], -0.001, 0.1);
    await moveEnd(api.database, [revoked.id], -0.1);
    await reports(key.admin, endpoint.id, ['API_KEY_EXPIRED']);
    const [delivery] = await deliveriesOf(api, key.admin, endpoint.id);
    expect(delivery?.payload.data).toMatchObject({ apiKeyId: key.id, tenantId: key.tenant.id });
  });

  it('an end by the policy of the tenant is reported, and a use moves it', async () => {
    const { key, endpoint } = await listening();
    const input = { maxInactiveDays: 20 };
    const set = 'mutation ($input: SetApiKeyPolicyInput!) { setApiKeyPolicy(input: $input) { violationCount } }';
    await api.query(set, { session: key.admin.session, variables: { input } });
    const unusedFor = (days: number) =>
      api.database.sql(
        `update api_keys set created_at = now() - interval '100 days', last_used_at = now() - make_interval(days => $2)
         where id = $1`,
        [key.id, days],
      );
    await unusedFor(14);
    await reports(key.admin, endpoint.id, ['API_KEY_EXPIRING 7']);
    await unusedFor(1);
    await reports(key.admin, endpoint.id, ['API_KEY_EXPIRING 7']);
  });

  it('a key that was imported is not reported for what was due before the import', async () => {
    const { key, endpoint } = await listening();
    await api.database.sql(
      `insert into api_key_events (tenant_id, kind, api_key_id, at) values ($1, 'IMPORTED', $2, now() - interval '3 days')`,
      [key.tenant.id, key.id],
    );
    await moveEnd(api.database, [key.id], 5);
    await reports(key.admin, endpoint.id, ['API_KEY_EXPIRING 7']);
  });

  it('two instances at once report each of many keys once, and nothing of another tenant', async () => {
    const { key, endpoint } = await listening();
    const other = await listening();
    const more = await Promise.all(Array.from({ length: 30 }, () => api.given.apiKey({ tenant: key.tenant })));
    const ids = more.map(({ id }) => id);
    await moveEnd(api.database, ids, 6);
    await sweptAgain(api.database);
    const rows = await api.database.sql<{ id: string; count: number }>(
      `select api_key_id as id, count(*)::int from webhook_deliveries where endpoint_id = $1 group by 1`,
      [endpoint.id],
    );
    expect(rows.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    expect(rows.every(({ count }) => count === 2)).toBe(true);
    expect(await reported(other.key.admin, other.endpoint.id)).toEqual([]);
  });

  it('a use after the revocation is reported once an hour, by two writers at once too', async () => {
    const { key, endpoint } = await listening(['API_KEY_USED_AFTER_REVOCATION']);
    await askKeys(api, 'revokeApiKeys', { input: { ids: [key.id] } }, { session: key.admin.session });
    const use = async () => {
      for (const portal of [api, second])
        expect((await portal.query(READ, { key: key.secret })).reason).toBe('REVOKED_KEY');
      await Promise.all([flush(api), flush(second)]);
    };
    const expectReports = async (attempts: number, count: number) => {
      await until('the attempts are counted', async () => {
        await Promise.all([flush(api), flush(second)]);
        const [row] = await api.database.sql('select attempts_after_revocation as n from api_keys where id = $1', [
          key.id,
        ]);
        return row?.['n'] === attempts;
      });
      expect(await reported(key.admin, endpoint.id)).toHaveLength(count);
    };
    await second.caughtUp();
    await use();
    await use();
    await expectReports(4, 1);
    await api.database.sql(
      `update api_key_notices set noticed_at = now() - interval '61 minutes' where api_key_id = $1`,
      [key.id],
    );
    await use();
    await expectReports(6, 2);
  });
});

describe('the job that looks for notices', () => {
  let database: TestDatabase;
  let key: GivenKey;
  let endpointId: string;
  beforeAll(async () => {
    database = await TestDatabase.create();
    const api = await TestPortal.start({ database });
    key = await api.given.apiKey();
    endpointId = (await makeEndpoint(api, key.admin, { kinds: EXPIRY_KINDS })).id;
    await api.stop();
    await noticeThePast(database);
  });
  afterAll(() => database.drop());

  const stored = async () => {
    const rows = await database.sql<{ days: string | null }>(
      `select payload->'data'->>'daysBefore' as days from webhook_deliveries where endpoint_id = $1 order by created_at`,
      [endpointId],
    );
    return rows.map(({ days }) => days);
  };

  it('what was due during a pause of all instances is reported after the pause, and a job killed in the middle leaves nothing half done', async () => {
    await moveEnd(database, [key.id], -3);
    await database.withClient(async (holder) => {
      await holder.query('begin; lock table webhook_deliveries in access exclusive mode');
      const api = await TestPortal.start({ ...LOOKING, database });
      const jobs = async () => {
        const rows = await database.sql<{ pid: number }>(
          `select pid from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock' and query like '%api_key_notices%'`,
        );
        return rows.map(({ pid }) => pid);
      };
      await until('the job waits for the table', async () => (await jobs()).length === 1);
      for (const pid of await jobs()) await holder.query('select pg_terminate_backend($1)', [pid]);
      await until('the job has begun anew', async () => (await jobs()).length === 1);
      const { rows } = await holder.query('select from api_key_notices');
      expect(rows).toHaveLength(0);
      await holder.query('rollback');
      await sweptAgain(database);
      await api.stop();
    });
    expect(await stored()).toEqual(['30', '7', '1', null]);
  });
});
