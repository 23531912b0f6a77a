import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { ConnectionPools, Consistency, type Session, TenantDatabase } from '#database';
import { inUse, readsOf, ReplicaReaders, servers } from '../support/faults/replica-readers.js';
import { askKeys } from '../support/key-operations.js';
import { askAsAdmin, SET_POLICY } from '../support/key-policy.js';
import { describeWithPgBouncer, PgBouncer } from '../support/pgbouncer.js';
import { TestDatabase } from '../support/test-database.js';
import type { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';

/** A list without a token is never older than this. */
const STALENESS_MS = 1_500;
/** Writes, each with its reads; `REPLICA_ROUNDS=1000 npm test -- faults/replica-reads` for a long run. */
const ROUNDS = Number(process.env['REPLICA_ROUNDS'] ?? 20);

describe('lists and details on replicas', () => {
  let readers: ReplicaReaders;
  let one: TestPortal;
  let other: TestPortal;
  beforeAll(async () => {
    readers = await ReplicaReaders.start();
    ({ one, other } = readers);
  });
  beforeEach(() => readers.well());
  afterAll(() => readers.stop());

  const pause = () => readers.replicas.standby.pauseReplay();
  const create: ReplicaReaders['create'] = (asked) => readers.create(asked);
  const shows: ReplicaReaders['shows'] = (...asked) => readers.shows(...asked);
  const byReplica: ReplicaReaders['byReplica'] = (...asked) => readers.byReplica(...asked);

  it('a replica answers queries, each tenant its own rows', async () => {
    const stranger = await one.given.apiKey();
    const { hostname, token } = await create();
    await byReplica(async () => expect(await shows(hostname, token)).toBe(true));
    await byReplica(async () => expect(await shows(hostname, token, { by: stranger })).toBe(false));
    // Unreadable, of another database, or too many: in doubt the primary answers.
    const before = await servers(other);
    for (const doubtful of ['?', 'A'.repeat(22), Array.from({ length: 17 }, () => token).join()])
      expect(await shows(hostname, doubtful)).toBe(true);
    expect(await servers(other)).toEqual({ replica: before.replica, primary: before.primary + 3 });
  });

  it.each([
    ['that is late', async () => readers.replicas.stream.delay(100)],
    ['whose replay is paused', pause],
  ])('a client finds its own writes beside a replica %s, whichever instance wrote', async (_, disturb) => {
    let older = 0;
    // Without the token older answers are seen, so the test is not blind.
    await until('older answers are seen', async () => {
      await readers.well();
      const { token: earlier } = await create();
      await disturb();
      for (let round = 0; round < ROUNDS; round++) {
        const [writer, portal] = round % 2 === 0 ? [one, other] : [other, one];
        const { hostname, token } = await create({ portal: writer });
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
      await readers.well();
      await pause();
      const { hostname } = await create();
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

  describe('the reads of one query', () => {
    const query = <Result>(work: () => Promise<Result>) =>
      other.app.get(Consistency, { strict: false }).query('', work);
    const read = <Result>(work: (session: Session) => Promise<Result>) =>
      other.app.get(TenantDatabase, { strict: false }).readForDisplay({ tenantId: readers.key.tenant.id }, work);
    const isReplica = async (session: Session) => {
      const { rows } = await sql<{ answers: boolean }>`select pg_is_in_recovery() as answers`.execute(session);
      return rows[0]?.answers;
    };

    it('the primary answers all reads of a query after its first one', async () => {
      await byReplica(async () => expect(await query(() => read(isReplica))).toBeDefined());
      const failing = async (session: Session) => {
        if (await isReplica(session)) throw new Error('The replica fails.');
      };
      const answers = await query(async () => [await read(failing), await read(isReplica)]);
      expect(answers).toEqual([undefined, false]);
    });

    it('a later read of a query shows what an earlier one saw, whichever replicas answer', async () => {
      const { primary, standby } = readers.replicas;
      const { fallbacks } = readsOf(other);
      const pools = other.app.get(ConnectionPools, { strict: false });
      const busy = () => pools.states.find(({ name }) => name === 'replica')?.busy;
      await until('a later read meets a replica that is further behind', async () => {
        await readers.well();
        readers.leadTo(primary);
        await byReplica(async () => query(() => read(isReplica)));
        await pause();
        const { hostname } = await create();
        const lateAt = performance.now() + STALENESS_MS;
        const has = () =>
          read(async (session) => (await sql`select from devices where hostname = ${hostname}`.execute(session)).rows);
        const isLate = () => performance.now() > lateAt;
        return query(async () => {
          expect(await has()).toHaveLength(1);
          await until('the end of that read is known', () => busy() === 0);
          readers.leadTo(standby);
          // A query of its own is answered by the replica that is behind.
          await until('the replica answers', async () => isLate() || (await query(has)).length === 0);
          const { behind } = fallbacks;
          expect(await has()).toHaveLength(1);
          return !isLate() && fallbacks.behind > behind;
        });
      });
    });
  });

  it('verification and whatever a change is judged by are read from the primary', async () => {
    await pause();
    const before = [await servers(one), await servers(other)];
    const fresh = await one.given.apiKey({ tenant: readers.key.tenant });
    const who = async (portal: TestPortal) => (await portal.query('{ viewer { kind } }', { key: fresh.secret })).status;
    expect(await who(other)).toBe(200);
    const { admin } = readers.key;
    await create({ portal: other });
    const updated = await askKeys(other, 'updateApiKey', { input: { id: fresh.id, name: 'renamed' } }, admin);
    expect(updated.at('updateApiKey.apiKey.name')).toBe('renamed');
    const third = { name: 'third', scopes: ['devices:read'] };
    const limited = await askAsAdmin(other, readers.key.tenant, SET_POLICY, { input: { maxKeysPerOwner: 3 } });
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
    const { hostname, token } = await create();
    await readers.replicas.standby.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'latchkey replica'`,
    );
    expect(await shows(hostname, token)).toBe(true);
    await inUse(other);
    const { fallbacks } = readsOf(other);
    await until('a statement of the replica is cancelled', async () => {
      const failed = fallbacks.failed;
      await readers.well();
      await readers.replicas.lockOnStandby('devices');
      expect(await shows(hostname, token)).toBe(true);
      return fallbacks.failed > failed;
    });
    await readers.well();
    readers.reader.blackhole();
    expect(await shows(hostname, token)).toBe(true);
    await until('the replica is away', () => readsOf(other).state === 'away');
    const before = { ...fallbacks };
    for (let round = 0; round < 10; round++) expect(await shows(hostname, token)).toBe(true);
    expect(fallbacks).toEqual({ ...before, away: before.away + 10 });
    readers.reader.pass();
  });

  it('the primary itself may stand in for a replica, and another database is never read', async () => {
    const elsewhere = await TestDatabase.create();
    const { hostname, token } = await create();
    const { primary, standby } = readers.replicas;
    readers.leadTo(primary);
    await byReplica(async () => expect(await shows(hostname, token)).toBe(true));
    const sessions = `select from pg_stat_activity where application_name = 'latchkey replica'`;
    expect(await primary.database.sql(sessions)).not.toEqual([]);
    readers.leadTo(standby);
    const misled = await readers.startReading(elsewhere.url);
    await until('the database is recognised', () => readsOf(misled).state === 'another database');
    expect(await shows(hostname, token, { portal: misled })).toBe(true);
    expect(misled.log.join('')).toMatch('DATABASE_READ_URL leads to another database');
    expect((await servers(misled)).replica).toBe(0);
    await misled.stop();
    await elsewhere.drop();
  });

  describeWithPgBouncer('through PgBouncer', () => {
    it('a replica answers queries through a pooler too, and a client finds its own writes', async () => {
      const bouncer = await PgBouncer.before(readers.replicas.standby.url);
      const portal = await readers.startReading(bouncer.url);
      await inUse(portal);
      const { hostname, token } = await create();
      await byReplica(async () => expect(await shows(hostname, token, { portal })).toBe(true), portal);
      await pause();
      const late = await create();
      expect(await shows(late.hostname, late.token, { portal })).toBe(true);
      await portal.stop();
      await bouncer.stop();
    });
  });

  // The last one: it leaves two primaries.
  it('a replica that was promoted beside its primary is not read, until it leads', async () => {
    const { token } = await create();
    const { replicas } = readers;
    const { standby } = replicas;
    await replicas.promote();
    const rows = `insert into devices (id, tenant_id, hostname, ip_address) select gen_random_uuid(), tenant_id, $1, ip_address from devices limit 1`;
    await standby.sql(rows, ['only-there']);
    const { hostname } = await create();
    expect([await shows(hostname), await shows('only-there')]).toEqual([true, false]);
    replicas.lead();
    const isServed = async () =>
      (await other.query('{ devices { totalCount } }', { key: readers.key.secret })).status === 200;
    await until('the new primary answers', isServed);
    await other.settled();
    await inUse(other);
    const before = await servers(other);
    // The token is one of the other timeline.
    await shows(hostname, token);
    expect(await servers(other)).toEqual({ ...before, primary: before.primary + 1 });
    await byReplica(async () => expect(await shows('only-there')).toBe(true));
  });
});
