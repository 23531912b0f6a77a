import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from 'pg';
import { NAMES, type OpenedStream, useStreams, WRITE_EVENT } from '../support/event-stream.js';
import type { GivenUser } from '../support/given.js';
import { usePortal } from '../support/hooks.js';
import { seededRandom } from '../support/seeded-random.js';
import type { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';

/** `STREAM_EVENTS=5000 npm test -- faults/stream-order` for a long run. */
const EVENTS = Number(process.env['STREAM_EVENTS'] ?? 200);
const WRITERS = 4;
const SEED = Number(process.env['STREAM_SEED'] ?? Date.now() % 2 ** 31);

describe('the order of a stream', () => {
  let api: TestPortal;
  let admin: GivenUser;
  usePortal((started) => {
    api = started;
  });
  beforeEach(async () => {
    await api.settled();
    admin = await api.given.user();
  });
  const openBy = useStreams();
  const open = (after?: string, { session } = admin) =>
    openBy(api, NAMES, { session, headers: after === undefined ? {} : { 'last-event-id': after } });
  const namesIn = (stream: OpenedStream) => stream.events('apiKeyName') as string[];
  const write = (client: Client, name: string) => client.query(WRITE_EVENT, [admin.tenantId, name]);
  const writeOne = (name: string) => api.database.sql(WRITE_EVENT, [admin.tenantId, name]);
  /** Reads on from each place of a stream. */
  const restsOf = async (stream: OpenedStream, last: string) => {
    const rests: string[][] = [];
    for (const { id } of stream.messages.filter((message) => message.id !== undefined)) {
      const again = await open(id);
      await writeOne(last);
      await until('the rest has come', () => namesIn(again).includes(last));
      rests.push(namesIn(again).filter((name) => name.length === 1));
      again.close();
    }
    return rests;
  };

  it('an event whose transaction commits late comes late, once, and a client that goes on from any place misses nothing', async () => {
    const stream = await open();
    await api.database.withClient(async (late) => {
      await late.query('begin');
      await write(late, 'a');
      await writeOne('b');
      await stream.received(1);
      await late.query('savepoint part');
      await write(late, 'c');
      await late.query('release part');
      await writeOne('d');
      await stream.received(2);
      await late.query('commit');
      await stream.received(4);
    });
    expect(namesIn(stream)).toEqual(['b', 'd', 'a', 'c']);
    expect(await restsOf(stream, 'end')).toEqual([
      // From the begin of the stream everything is read at once, in the order of the trail.
      ['a', 'b', 'c', 'd'],
      ['a', 'c', 'd'],
      ['a', 'c'],
      ['c'],
      [],
    ]);
  });

  it('an event that is rolled back never comes, and an open transaction of somebody else holds nothing up', async () => {
    const stream = await open();
    await api.database.holding('create table held (id int)', async () => {
      await api.database.withClient(async (client) => {
        await client.query('begin');
        await write(client, 'gone');
        await client.query('rollback');
      });
      await writeOne('a');
      await stream.received(1);
    });
    await writeOne('b');
    await stream.received(2);
    expect(namesIn(stream)).toEqual(['a', 'b']);
  });

  it('a client that was away gets more than one reading holds, whole and in order', async () => {
    const stream = await open();
    const start = await stream.begun();
    stream.close();
    await api.database.sql(
      `insert into api_key_events (tenant_id, kind, api_key_name) select $1, 'UPDATED', n::text from generate_series(1, 450) as n`,
      [admin.tenantId],
    );
    const again = await open(start);
    await again.received(450);
    expect(namesIn(again)).toEqual(Array.from({ length: 450 }, (_, n) => String(n + 1)));
    const middle = again.nexts[219]?.id;
    const third = await open(middle);
    await third.received(230);
    expect(namesIn(third)).toEqual(Array.from({ length: 230 }, (_, n) => String(n + 221)));
  });

  it(`a client that breaks off again and again gets each of ${EVENTS} events once while changes go on (STREAM_SEED=${SEED})`, async () => {
    const random = seededRandom(SEED);
    let stream = await open();
    await stream.begun();
    let isWriting = true;
    const writer = (nr: number) =>
      api.database.withClient(async (client) => {
        for (let n = 0; n < EVENTS / WRITERS; n++) {
          await client.query('begin');
          await write(client, `${nr} ${n}`);
          if (random() < 0.5) await wait(random() * 20);
          await client.query('commit');
        }
      });
    const written = Promise.all(Array.from({ length: WRITERS }, (_, nr) => writer(nr))).finally(
      () => (isWriting = false),
    );
    const got: string[] = [];
    while (isWriting || got.length < EVENTS) {
      await wait(20 + random() * 60);
      // What came after the last whole event is lost with the connection, and comes again.
      const id = stream.lastId;
      got.push(...namesIn(stream));
      stream.close();
      stream = await open(id);
      await stream.begun();
    }
    await written;
    await writeOne('end');
    await until('the end has come', () => namesIn(stream).includes('end'));
    got.push(...namesIn(stream).filter((name) => name !== 'end'));
    expect(got).toHaveLength(new Set(got).size);
    expect(got).toHaveLength(EVENTS);
    for (let nr = 0; nr < WRITERS; nr++) {
      const own = got.filter((name) => name.startsWith(`${nr} `));
      expect(own).toEqual(Array.from({ length: EVENTS / WRITERS }, (_, n) => `${nr} ${n}`));
    }
  });

  it.each([
    ['is no cursor', async () => 'nonsense'],
    ['is of another tenant', async () => (await open(undefined, await api.given.user())).begun()],
  ])('a Last-Event-ID that %s is refused by an event', async (_, idOf) => {
    const stream = await (await open(await idOf())).ended();
    expect(stream.reason).toBe('BAD_USER_INPUT');
    expect(stream.raw).toContain('INVALID_CURSOR');
  });

  it('a reading finds new events by an index, whatever the size of the trail', async () => {
    const plan = await api.database.sqlAs<{ 'QUERY PLAN': string }>(
      'portal_app',
      admin.tenantId ?? '',
      `explain select * from api_key_events where xact >= '5'::xid8 and xact < pg_snapshot_xmax(pg_current_snapshot())
       and not pg_visible_in_snapshot(xact, '5:5:') and at > now() - interval '1 hour'`,
      [],
      { enable_seqscan: 'off' },
    );
    const text = plan.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).toMatch(/api_key_events_tenant_id_xact_index/);
    expect(text).toMatch(/Index Cond: .*tenant_id = .*xact >= /);
  });

  it('events that were restored from another server never look new', async () => {
    const stream = await open();
    await api.database.sql(
      `insert into api_key_events (tenant_id, kind, api_key_name, at, xact)
       select $1, 'UPDATED', 'restored', now() - interval '1 day', (pg_current_xact_id()::text::bigint + n)::text::xid8
       from generate_series(-5, 50) as n`,
      [admin.tenantId],
    );
    for (const name of ['a', 'b']) await writeOne(name);
    await stream.received(2);
    expect(namesIn(stream)).toEqual(['a', 'b']);
  });
});
