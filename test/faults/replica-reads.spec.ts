import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { ReplicaReads } from '#database';
import { ReplicaSet } from '../support/faults/replica-set.js';
import type { GivenKey } from '../support/given.js';
import { askKeys } from '../support/key-operations.js';
import { askAsAdmin, SET_POLICY } from '../support/key-policy.js';
import { describeWithPgBouncer, PgBouncer } from '../support/pgbouncer.js';
import { Scrape } from '../support/prometheus.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { TestDatabase } from '../support/test-database.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';

const TOKEN = 'x-consistency-token';
const LIST = 'query ($search: String) { devices(filter: { search: $search }) { nodes { hostname } } }';
const CREATE = `mutation ($input: CreateDeviceInput!) {
  createDevice(input: $input) { device { hostname alerts(first: 1) { nodes { id } } } } }`;
/** A list without a token is never older than this. */
const STALENESS_MS = 1_500;
/** Writes, each with its reads; `REPLICA_ROUNDS=1000 npm test -- faults/replica-reads` for a long run. */
const ROUNDS = Number(process.env['REPLICA_ROUNDS'] ?? 20);

describe('lists and details on replicas', () => {
  let dataDirectory: string;
  let replicas: ReplicaSet;
  /** The way to the replica. */
  let reader: TcpProxy;
  let one: TestPortal;
  let other: TestPortal;
  let key: GivenKey;
  beforeAll(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'latchkey-replicas-'));
    replicas = await ReplicaSet.start(false);
    reader = await TcpProxy.before(replicas.standby.url);
    const place = placeOf(reader.url);
    [one, other] = [await TestPortal.start(place), await TestPortal.start(place)];
    key = await one.given.apiKey();
  });
  beforeEach(() => well());
  afterAll(async () => {
    await one.stop();
    await other.stop();
    await Promise.all([reader.close(), replicas.remove()]);
    await rm(dataDirectory, { recursive: true, force: true });
  });

  const placeOf = (databaseReadUrl: string) => ({
    database: replicas.primary.database,
    through: { pool: replicas.way.url, listen: replicas.way.url },
    config: { dataDirectory, databaseReadUrl },
  });
  const readsOf = (portal: TestPortal) => portal.app.get(ReplicaReads, { strict: false });
  const inUse = (portal: TestPortal) => until('the replica is in use', () => readsOf(portal).state === 'in use');
  const pause = () => replicas.standby.pauseReplay();
  /** The replica has every change, and answers. */
  const well = async () => {
    replicas.stream.pass();
    await replicas.standby.resumeReplay();
    for (const portal of [one, other]) await inUse(portal);
  };
  /** Reads by the server that answered them. */
  const servers = async (portal: TestPortal) => {
    const scrape = await Scrape.of(portal);
    const by = (server: string) => scrape.value('latchkey_replica_reads_total', { server });
    return { replica: by('replica'), primary: by('primary') };
  };
  const create = async (portal = one, by = key) => {
    const hostname = `sw-${randomUUID().slice(0, 8)}`;
    const input = { hostname, ipAddress: '10.0.0.1' };
    const answer = await portal.query(CREATE, { key: by.secret, variables: { input } });
    expect(answer.at('createDevice.device.hostname')).toBe(hostname);
    return { hostname, token: answer.headers.get(TOKEN) ?? '' };
  };
  /** Does the list of devices have this one? */
  const shows = async (hostname: string, token?: string, { portal = other, by = key } = {}) => {
    const headers: Record<string, string> = token === undefined ? {} : { [TOKEN]: token };
    const answer = await portal.query(LIST, { key: by.secret, headers, variables: { search: hostname } });
    expect(answer.status).toBe(200);
    return answer.at<unknown[]>('devices.nodes').length === 1;
  };

  /** Asks again where the machine was too slow for the replica: it counts as late or away then. */
  const byReplica = (ask: () => Promise<unknown>, portal = other) =>
    until('the replica answers', async () => {
      const before = await servers(portal);
      await ask();
      return (await servers(portal)).replica === before.replica + 1;
    });

  it('a replica answers queries, each tenant its own rows', async () => {
    const stranger = await one.given.apiKey();
    const { hostname, token } = await create(one);
    await byReplica(async () => expect(await shows(hostname, token)).toBe(true));
    await byReplica(async () => expect(await shows(hostname, token, { by: stranger })).toBe(false));
    // Unreadable, of another database, or too many: in doubt the primary answers.
    const before = await servers(other);
    for (const doubtful of ['?', 'A'.repeat(22), Array.from({ length: 17 }, () => token).join()])
      expect(await shows(hostname, doubtful)).toBe(true);
    expect(await servers(other)).toEqual({ replica: before.replica, primary: before.primary + 3 });
  });

  it.each([
    ['that is late', async () => replicas.stream.delay(100)],
    ['whose replay is paused', pause],
  ])('a client finds its own writes beside a replica %s, whichever instance wrote', async (_, disturb) => {
    let older = 0;
    // Without the token older answers are seen, so the test is not blind.
    await until('older answers are seen', async () => {
      await well();
      const { token: earlier } = await create(one);
      await disturb();
      for (let round = 0; round < ROUNDS; round++) {
        const [writer, portal] = round % 2 === 0 ? [one, other] : [other, one];
        const { hostname, token } = await create(writer);
        if (!(await shows(hostname, undefined, { portal }))) older++;
        expect(await shows(hostname, token, { portal })).toBe(true);
        expect(await shows(hostname, `${token}, ${earlier}`, { portal })).toBe(true);
      }
      return older > 0;
    });
  });

  it('a list without a token shows every change that was made 1.5 s before, while replay is paused', async () => {
    const seen: { ms: number; isShown: boolean }[] = [];
    await until('an older answer is seen', async () => {
      await well();
      await pause();
      const { hostname } = await create(one);
      const madeAt = performance.now();
      for (let ms = 0; ms < 2 * STALENESS_MS;) {
        ms = performance.now() - madeAt;
        seen.push({ ms, isShown: await shows(hostname) });
        await sleep(20);
      }
      return seen.some(({ isShown }) => !isShown);
    });
    expect(seen.filter(({ ms, isShown }) => ms >= STALENESS_MS && !isShown)).toEqual([]);
    await until('the replica is behind', () => readsOf(other).state === 'behind');
    const ready = await fetch(`${other.url}/health/ready`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { status: 'degraded' }]);
  });

  it('verification and whatever a change is judged by are read from the primary', async () => {
    await pause();
    const before = [await servers(one), await servers(other)];
    const fresh = await one.given.apiKey({ tenant: key.tenant });
    const who = async (portal: TestPortal) => (await portal.query('{ viewer { kind } }', { key: fresh.secret })).status;
    expect(await who(other)).toBe(200);
    const { admin } = key;
    await create(other);
    const updated = await askKeys(other, 'updateApiKey', { input: { id: fresh.id, name: 'renamed' } }, admin);
    expect(updated.at('updateApiKey.apiKey.name')).toBe('renamed');
    const third = { name: 'third', scopes: ['devices:read'] };
    const limited = await askAsAdmin(other, key.tenant, SET_POLICY, { input: { maxKeysPerOwner: 3 } });
    expect(limited.errors).toEqual([]);
    const codes = [];
    for (const input of [third, third])
      codes.push((await askKeys(other, 'createApiKey', { input }, admin)).problemCodes);
    expect(codes).toEqual([[], [expect.arrayContaining(['maxKeysPerOwner'])]]);
    const revoked = await askKeys(one, 'revokeApiKeys', { input: { ids: [fresh.id], reason: 'COMPROMISED' } }, admin);
    expect(revoked.errors).toEqual([]);
    for (const portal of [one, other]) expect(await who(portal)).toBe(401);
    expect([await servers(one), await servers(other)]).toEqual(before);
  });

  it('answers go on while the replica ends sessions, cancels statements and hangs, and no request waits for one that is away', async () => {
    const { hostname, token } = await create(one);
    await replicas.standby.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'latchkey replica'`,
    );
    expect(await shows(hostname, token)).toBe(true);
    await inUse(other);
    const { fallbacks } = readsOf(other);
    await until('a statement of the replica is cancelled', async () => {
      const failed = fallbacks.failed;
      await well();
      await replicas.lockOnStandby('devices');
      expect(await shows(hostname, token)).toBe(true);
      return fallbacks.failed > failed;
    });
    await well();
    reader.blackhole();
    expect(await shows(hostname, token)).toBe(true);
    await until('the replica is away', () => readsOf(other).state === 'away');
    const before = { ...fallbacks };
    for (let round = 0; round < 10; round++) expect(await shows(hostname, token)).toBe(true);
    expect(fallbacks).toEqual({ ...before, away: before.away + 10 });
    reader.pass();
  });

  it('the primary itself may stand in for a replica, and another database is never read', async () => {
    const elsewhere = await TestDatabase.create();
    const { hostname, token } = await create(one);
    const { primary } = replicas;
    reader.leadTo(primary.url);
    reader.reset();
    const reads = `select from pg_stat_activity where application_name = 'latchkey replica'`;
    await until('the primary is read', async () => (await primary.database.sql(reads)).length > 0);
    await inUse(other);
    await byReplica(async () => expect(await shows(hostname, token)).toBe(true));
    reader.leadTo(replicas.standby.url);
    reader.reset();
    const misled = await TestPortal.start(placeOf(elsewhere.url));
    await until('the database is recognised', () => readsOf(misled).state === 'another database');
    expect(await shows(hostname, token, { portal: misled })).toBe(true);
    expect(misled.log.join('')).toMatch('DATABASE_READ_URL leads to another database');
    expect((await servers(misled)).replica).toBe(0);
    await misled.stop();
    await elsewhere.drop();
  });

  describeWithPgBouncer('through PgBouncer', () => {
    it('a replica answers queries through a pooler too, and a client finds its own writes', async () => {
      const bouncer = await PgBouncer.before(replicas.standby.url);
      const portal = await TestPortal.start(placeOf(bouncer.url));
      await inUse(portal);
      const { hostname, token } = await create(one);
      await byReplica(async () => expect(await shows(hostname, token, { portal })).toBe(true), portal);
      await pause();
      const late = await create(one);
      expect(await shows(late.hostname, late.token, { portal })).toBe(true);
      await portal.stop();
      await bouncer.stop();
    });
  });

  // The last one: it leaves two primaries.
  it('a replica that was promoted beside its primary is not read, until it leads', async () => {
    const { token } = await create(one);
    const { standby } = replicas;
    await replicas.promote();
    const rows = `insert into devices (id, tenant_id, hostname, ip_address) select gen_random_uuid(), tenant_id, $1, ip_address from devices limit 1`;
    await standby.sql(rows, ['only-there']);
    const { hostname } = await create(one);
    expect([await shows(hostname), await shows('only-there')]).toEqual([true, false]);
    replicas.lead();
    await until('the new primary answers', async () => (await other.query(LIST, { key: key.secret })).status === 200);
    await other.settled();
    await inUse(other);
    const before = await servers(other);
    // The token is one of the other timeline.
    await shows(hostname, token);
    expect(await servers(other)).toEqual({ ...before, primary: before.primary + 1 });
    await byReplica(async () => expect(await shows('only-there')).toBe(true));
  });
});
