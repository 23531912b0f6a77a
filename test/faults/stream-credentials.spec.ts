import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NAMES, useStreams, WRITE_EVENT } from '../support/event-stream.js';
import type { GivenTenant, GivenUser } from '../support/given.js';
import { TestDatabase } from '../support/test-database.js';
import { TestPortal } from '../support/test-portal.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { REVOCATION_BOUND_MS } from '../support/durations.js';

const INSTANCES = 3;
/** What a machine that is busy with other tests may take beyond a promised second. */
const LATE_MS = 3_000;

/** A statement by an administrator at a console. `$1` is the id of the thing named. */
const paths: readonly [what: string, of: 'user' | 'tenant', sql: string, reason: string][] = [
  [
    'its user is deactivated',
    'user',
    'update users set is_active = false where id = $1',
    'UNAUTHENTICATED INVALID_SESSION',
  ],
  ['its user is deleted', 'user', 'delete from users where id = $1', 'UNAUTHENTICATED INVALID_SESSION'],
  ['its user gets another role', 'user', `update users set role = 'VIEWER' where id = $1`, 'FORBIDDEN RIGHTS_CHANGED'],
  [
    'its tenant is suspended',
    'tenant',
    'update tenants set suspended_at = now() where id = $1',
    'UNAUTHENTICATED INVALID_SESSION',
  ],
  ['its tenant is deleted', 'tenant', 'delete from tenants where id = $1', 'UNAUTHENTICATED INVALID_SESSION'],
];

describe('the credential of a stream', () => {
  let database: TestDatabase;
  let listen: TcpProxy;
  let directory: string;
  let apis: TestPortal[];
  let first: TestPortal;
  beforeAll(async () => {
    database = await TestDatabase.create();
    listen = await TcpProxy.before(database.url);
    directory = await mkdtemp(join(tmpdir(), 'latchkey-streams-'));
    first = await portalOf();
    apis = [first];
    while (apis.length < INSTANCES - 1) apis.push(await portalOf());
    apis.push(await portalOf({ listen: listen.url }));
  });
  beforeEach(async () => {
    for (const api of apis) await api.settled();
  });
  afterEach(() => listen.pass());
  afterAll(async () => {
    await Promise.all(apis.map((api) => api.stop()));
    await listen.close();
    await database.drop();
    await rm(directory, { recursive: true });
  });

  const portalOf = (through = {}) => TestPortal.start({ database, through, config: { dataDirectory: directory } });
  const open = useStreams();
  const openAt = async (api: TestPortal, { session }: GivenUser) => {
    const stream = await open(api, NAMES, { session });
    expect(stream.status).toBe(200);
    await stream.begun();
    return stream;
  };
  const openEverywhere = (user: GivenUser) => Promise.all(apis.map((api) => openAt(api, user)));
  const eventOf = (tenant: GivenTenant, name: string) => database.sql(WRITE_EVENT, [tenant.id, name]);
  const given = async () => {
    const tenant = await first.given.tenant();
    return { tenant, user: await first.given.user({ tenant }) };
  };

  it.each(paths)('a stream ends on every instance, saying why, when %s', async (_, of, sql, reason) => {
    const { tenant, user } = await given();
    const streams = await openEverywhere(user);
    await database.sql(sql, [{ user, tenant }[of].id]);
    const committedAt = performance.now();
    for (const stream of streams) {
      await stream.ended();
      expect((stream.endedAt ?? Infinity) - committedAt).toBeLessThan(REVOCATION_BOUND_MS);
      expect(stream.messages.slice(-2).map(({ event }) => event)).toEqual(['next', 'complete']);
      expect([stream.reason, stream.isWhole]).toEqual([reason, true]);
    }
  });

  it('a stream ends when its session does', async () => {
    const { tenant, user } = await given();
    // The tolerance for clocks is 5 s.
    const session = await first.issuer.token(user.email, 3_600, new Date(Date.now() - 3_603_000));
    const streams = await openEverywhere({ ...user, session });
    await eventOf(tenant, 'while it lasts');
    for (const stream of streams) {
      await stream.ended();
      expect([stream.reason, stream.events('apiKeyName')]).toEqual([
        'UNAUTHENTICATED INVALID_SESSION',
        ['while it lasts'],
      ]);
    }
  });

  it('an event after the death of the credential never comes, however long its verification takes', async () => {
    const { tenant, user } = await given();
    const witness = await openAt(first, await first.given.user({ tenant }));
    const streams = await openEverywhere(user);
    // Verifications read the tenant, and readings of the trail do not.
    await database.holding('lock table tenants in access exclusive mode', async () => {
      await database.sql(`begin; update users set is_active = false where id = '${user.id}';
        insert into api_key_events (tenant_id, kind, api_key_name) values ('${tenant.id}', 'UPDATED', 'secret'); commit`);
      await witness.received(1);
      await database.someoneWaits();
      for (const stream of streams) expect(stream.nexts).toEqual([]);
    });
    for (const stream of streams) {
      await stream.ended();
      expect([stream.reason, stream.events('apiKeyName')]).toEqual(['UNAUTHENTICATED INVALID_SESSION', []]);
    }
  });

  it('a stream of a dead credential ends in time and shows nothing where changes are not heard; other streams go on after it', async () => {
    const { tenant, user } = await given();
    const other = await first.given.user({ tenant });
    const deaf = apis.at(-1) ?? first;
    const [dead, live] = [await openAt(deaf, user), await openAt(deaf, other)];
    listen.blackhole();
    await database.sql('update users set is_active = false where id = $1', [user.id]);
    const committedAt = performance.now();
    await eventOf(tenant, 'unheard');
    await dead.ended();
    // The lease, and a second until the next look.
    expect((dead.endedAt ?? Infinity) - committedAt).toBeLessThan(2_500 + LATE_MS);
    expect([dead.reason, dead.events('apiKeyName')]).toEqual(['UNAUTHENTICATED INVALID_SESSION', []]);
    listen.pass();
    listen.reset();
    await live.received(1);
    expect(live.events('apiKeyName')).toEqual(['unheard']);
    expect(live.endedAt).toBeUndefined();
  });

  it('a stream of a dead credential ends while the instance tries for long to hear changes again', async () => {
    const { user } = await given();
    const deaf = apis.at(-1) ?? first;
    const dead = await openAt(deaf, user);
    const losses = () => deaf.invalidations.losses;
    const before = losses();
    listen.hold('answers', 'requests');
    listen.reset();
    // Each attempt that is given up has the credential verified; the next one lasts three seconds.
    await until('an attempt to connect again is given up', () => losses() === before + 2);
    await database.sql('update users set is_active = false where id = $1', [user.id]);
    await dead.ended();
    expect([dead.reason, losses()]).toEqual(['UNAUTHENTICATED INVALID_SESSION', before + 2]);
  });

  it('a change that all streams have to show is there within a second', async () => {
    const { tenant, user } = await given();
    const users = await Promise.all(Array.from({ length: 4 }, () => first.given.user({ tenant })));
    const streams = (await Promise.all([user, ...users].map(openEverywhere))).flat();
    await eventOf(tenant, 'seen');
    const committedAt = performance.now();
    await Promise.all(streams.map((stream) => stream.received(1)));
    expect(performance.now() - committedAt).toBeLessThan(1_000 + LATE_MS);
  });
});
