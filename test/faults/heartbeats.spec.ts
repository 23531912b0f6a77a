import { VerifierDatabase } from '#database';
import { InvalidationLink } from '#database/testing';
import { TcpProxy } from '../support/tcp-proxy.js';
import { TestDatabase } from '../support/test-database.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { REVOCATION_AIM_MS } from '../support/durations.js';

const INSTANCES = 3;
const WHO = '{ viewer { kind } }';
/** Which instance sends is settled after this time. */
const CONVERGED_MS = 20_000;
/** A machine that is busy with other work lets this process wait, and what it measures takes as much longer. */
const PAUSE_MS = 20;

interface BehindProxies {
  api: TestPortal;
  pool: TcpProxy;
  listen: TcpProxy;
}

describe('heartbeats that one instance sends for all', () => {
  let database: TestDatabase;
  let instances: BehindProxies[];
  beforeAll(async () => {
    database = await TestDatabase.create();
    instances = [];
    while (instances.length < INSTANCES) {
      const [pool, listen] = [await TcpProxy.before(database.url), await TcpProxy.before(database.url)];
      const api = await TestPortal.start({ database, through: { pool: pool.url, listen: listen.url } });
      instances.push({ api, pool, listen });
    }
  });
  afterAll(async () => {
    await Promise.all(instances.flatMap(({ pool, listen }) => [pool.close(), listen.close()]));
    for (const { api } of instances) await api.stop();
    await database.drop();
  });

  const channelOf = ({ api }: BehindProxies) => api.invalidations;
  /** The instance that alone has sent the last heartbeats. */
  const sender = async (): Promise<BehindProxies> => {
    let sending: BehindProxies[] = [];
    const isAlone = async () => {
      const before = instances.map((instance) => channelOf(instance).heartbeats);
      const sent = (instance: BehindProxies, n: number) => channelOf(instance).heartbeats - (before[n] ?? 0);
      await until('three heartbeats of one instance', () => instances.some((one, n) => sent(one, n) >= 3));
      sending = instances.filter((one, n) => sent(one, n) > 0);
      return sending.length === 1;
    };
    await until('one instance sends all heartbeats', isAlone, CONVERGED_MS);
    const [one] = sending;
    if (!one) throw new Error('No instance sends heartbeats.');
    return one;
  };

  it('one instance sends four heartbeats a second, and every instance is proven', async () => {
    const one = await sender();
    const [sentBefore, since] = [channelOf(one).heartbeats, performance.now()];
    for (const { api } of instances) await api.caughtUp();
    await until('a second is over', () => performance.now() > since + 1_000);
    const due = (performance.now() - since) / 250;
    expect(channelOf(one).heartbeats - sentBefore).toBeLessThanOrEqual(due + 1);
    for (const instance of instances) expect(channelOf(instance).state).toBe('proven');
  });

  it.each<[string, (at: BehindProxies) => Promise<void>, (at: BehindProxies) => Promise<void>]>([
    [
      'ends',
      async ({ pool, listen }) => {
        for (const proxy of [pool, listen]) {
          await proxy.refuse();
          proxy.reset();
        }
      },
      async ({ pool, listen }) => {
        await Promise.all([pool.listen(), listen.listen()]);
      },
    ],
    [
      'stands still',
      async ({ pool, listen }) => [pool, listen].forEach((proxy) => proxy.hold('answers', 'requests')),
      async ({ pool, listen }) => [pool, listen].forEach((proxy) => proxy.pass()),
    ],
  ])('the other instances stay proven when the one that sends %s, and that one does not', async (_, stop, go) => {
    const stopped = await sender();
    const others = instances.filter((one) => one !== stopped);
    const stoppedAt = performance.now();
    await stop(stopped);
    let [oldest, pauses, lookedAt] = [0, 0, performance.now()];
    await until('the others are proven without it', () => {
      const now = performance.now();
      if (now - lookedAt > PAUSE_MS) pauses += now - lookedAt;
      lookedAt = now;
      for (const other of others) oldest = Math.max(oldest, now - channelOf(other).reportedUntil);
      return others.every((other) => channelOf(other).reportedUntil > stoppedAt + REVOCATION_AIM_MS);
    });
    expect(oldest).toBeLessThan(REVOCATION_AIM_MS + pauses);
    expect(channelOf(stopped).isProven(performance.now())).toBe(false);
    await go(stopped);
    await stopped.api.settled();
    await sender();
  });

  it('a key in use is refused in time by every instance while the one that sends heartbeats stands still', async () => {
    const key = await (instances[0] as BehindProxies).api.given.apiKey();
    const use = async ({ api }: BehindProxies) => (await api.query(WHO, { key: key.secret })).status;
    for (const instance of instances) {
      await instance.api.settled(key.tenant.id);
      expect([await use(instance), await use(instance)]).toEqual([200, 200]);
    }
    const stopped = await sender();
    stopped.listen.hold('answers');
    await database.sql('update api_keys set revoked_at = now() where id = $1', [key.id]);
    const committedAt = performance.now();
    for (const instance of instances) await until('the key is refused', async () => (await use(instance)) === 401);
    expect(performance.now() - committedAt).toBeLessThan(REVOCATION_AIM_MS + 500);
    stopped.listen.pass();
    for (const { api } of instances) await api.settled();
  });

  it('the key of heartbeats is read by portal_verifier alone', async () => {
    const read = (role: string) => database.sqlAs(role, undefined, 'select key from heartbeat_key');
    expect(await read('portal_verifier')).toEqual([{ key: expect.stringMatching(/^[0-9a-f-]{72}$/) as string }]);
    for (const role of ['portal_app', 'portal_jobs'])
      await expect(read(role)).rejects.toThrow('permission denied for table heartbeat_key');
    expect(await read('portal')).toEqual([]);
  });

  describe('at one listening connection', () => {
    /** What the path of the lookups is said to answer. */
    let answer: () => Promise<{ place: string; position: bigint }>;
    let link: InvalidationLink;
    let proven: number[];
    let announced: string[];
    let questions = 0;
    const verifier = () => (instances[0] as BehindProxies).api.app.get(VerifierDatabase, { strict: false });
    beforeEach(async () => {
      answer = () => verifier().ask(undefined, 2_000);
      [proven, announced] = [[], []];
      link = new InvalidationLink({ url: database.url }, () => answer(), {
        lost: () => undefined,
        heard: () => undefined,
        ready: () => undefined,
        proven: ({ number }) => proven.push(number),
        notified: (_, payload) => announced.push(payload),
      });
      await link.open();
    });
    afterEach(() => link.end());

    const ask = async () => {
      await link.send(++questions, undefined);
      return questions;
    };
    /** Waits until the connection has received whatever was sent before. */
    const received = async () => {
      const mark = `key:${Math.random()}`;
      await database.sql(`select pg_notify('latchkey_changes', $1)`, [mark]);
      await until('the mark is received', () => announced.includes(mark));
    };
    const isProven = (question: number) => until('the question is proven', () => proven.includes(question));
    const heartbeat = () =>
      database.withClient(async (client) => {
        const heard: string[] = [];
        client.on('notification', ({ payload = '' }) => heard.push(payload));
        await client.query('listen latchkey_heartbeats');
        await until('a heartbeat', async () => heard.length > 0);
        return heard[0] ?? '';
      });

    it('a question is proven by the heartbeat of another instance', async () => isProven(await ask()));

    it.each<[string, (text: string) => string]>([
      ['sent again', (text) => text],
      ['with a later position', (text) => text.replace(/ (\d+) /, ' 9999$1 ')],
      ['with another signature', (text) => text.replace(/.$/, (last) => (last === '0' ? '1' : '0'))],
      ['of an older version', () => '1'],
      ['with the latest position there can be', () => `${'0'.repeat(16)} ${2n ** 64n - 1n} ${'0'.repeat(64)}`],
    ])('a question is not proven by a heartbeat %s, which any login may send', async (_, forged) => {
      const genuine = await heartbeat();
      // A position that the log has not reached: no heartbeat of an instance proves the question.
      const { place, position } = await answer();
      answer = async () => ({ place, position: position + 1_000_000_000n });
      await ask();
      await database.sql(`select pg_notify('latchkey_heartbeats', $1)`, [forged(genuine)]);
      await received();
      expect(proven).toEqual([]);
    });

    it.each<[string, () => Promise<{ place: string; position: bigint }>]>([
      [
        'the log has grown since the heartbeat',
        async () => {
          const { place, position } = await verifier().ask(undefined, 2_000);
          return { place, position: position + 1_000_000_000n };
        },
      ],
      ['another server answers', async () => ({ ...(await verifier().ask(undefined, 2_000)), place: '1 portal' })],
    ])('a question is not proven while %s', async (_, answered) => {
      const [truth, first] = [answer, await ask()];
      await isProven(first);
      answer = answered;
      const unproven = await ask();
      answer = truth;
      await heartbeat();
      await heartbeat();
      await received();
      expect(proven).not.toContain(unproven);
    });

    it('a question is not proven by a heartbeat that was received before the question was sent, though the log has not grown since', async () => {
      await isProven(await ask());
      const { place } = await answer();
      answer = async () => ({ place, position: 0n });
      await ask();
      expect(proven).toHaveLength(1);
      await until('the next heartbeat proves it', () => proven.length === 2);
    });
  });

  it('two databases on one server are two places', async () => {
    const other = await TestPortal.start();
    const placeAt = async (api: TestPortal) => {
      const { place } = await api.app.get(VerifierDatabase, { strict: false }).ask(undefined, 2_000);
      return place.split(' ');
    };
    const [[startedAt, here], [otherStartedAt, there]] = [
      await placeAt((instances[0] as BehindProxies).api),
      await placeAt(other),
    ];
    await other.stop();
    expect([startedAt, here]).toEqual([otherStartedAt, database.name]);
    expect(there).not.toBe(here);
  });
});
