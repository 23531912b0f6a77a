import type { Socket } from 'node:net';
import { sql } from 'kysely';
import { Pool } from 'pg';
import { TenantDatabase } from '#database';
import { withinReading } from '#database/testing';
import { TestPortal } from '../support/test-portal.js';

let api: TestPortal;
beforeAll(async () => {
  api = await TestPortal.start();
});
afterAll(() => api.stop());

describe('a transaction that only reads', () => {
  const READ_ONE = 'select 1 as one';
  const SLEEP_MS = 100;
  let pool: Pool;
  beforeAll(() => {
    pool = new Pool({ connectionString: api.database.url, max: 1, pipeline: true });
  });
  afterAll(() => pool.end());

  it('a read sends its first statement before its begin is answered', async () => {
    const { rows } = await withinReading(
      pool,
      `begin read only; select pg_sleep(${SLEEP_MS / 1_000})`,
      async (client) => {
        const sentAt = performance.now();
        const read = await client.query(READ_ONE);
        expect(performance.now() - sentAt).toBeGreaterThan(SLEEP_MS / 2);
        return read;
      },
    );
    expect(rows).toEqual([{ one: 1 }]);
  });

  it('a read sends its begin and its first statement in one write', async () => {
    const begin = 'begin read only';
    const { rows } = await withinReading(pool, begin, async (client) => {
      const read = client.query(READ_ONE);
      const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
      expect(stream.writableLength).toBeGreaterThan(begin.length + READ_ONE.length);
      return read;
    });
    expect(rows).toEqual([{ one: 1 }]);
  });

  it('a read that has sent its last statement sends its commit in the same write', async () => {
    const [begin, commit] = ['begin read only', 'commit'];
    const { rows } = await withinReading(pool, begin, async (client, end) => {
      const read = client.query(READ_ONE);
      end();
      const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
      expect(stream.writableLength).toBeGreaterThan(begin.length + READ_ONE.length + commit.length);
      return read;
    });
    expect(rows).toEqual([{ one: 1 }]);
  });

  it('a read that fails after its commit was sent is over, and its connection is used again', async () => {
    const failing = withinReading(pool, 'begin', async (client, end) => {
      const read = client.query('select 1/0');
      end();
      return read;
    });
    await expect(failing).rejects.toMatchObject({ message: 'division by zero' });
    const { rows } = await withinReading(pool, 'begin read only', (client) => client.query(READ_ONE));
    expect(rows).toEqual([{ one: 1 }]);
  });

  it('a second statement of a read for display is refused, since its transaction and the binding to a tenant may be over', async () => {
    const database = api.app.get(TenantDatabase, { strict: false });
    const by = { tenantId: (await api.given.tenant()).id };
    const [one, other] = [sql.raw(READ_ONE), sql`select set_config('app.tenant_id', '', false)`];
    const readTwice = () =>
      database.readForDisplay(by, async (session) => [await one.execute(session), await other.execute(session)]);
    await expect(readTwice()).rejects.toThrow('another one');
    const { rows } = await database.readForDisplay(by, (session) => one.execute(session));
    expect(rows).toEqual([{ one: 1 }]);
  });

  it('a read whose begin fails reports that failure, whatever its statements returned, and its connection is used again', async () => {
    const read = () => withinReading(pool, 'select 1/0', (client) => client.query(READ_ONE));
    await expect(read()).rejects.toMatchObject({ message: 'division by zero' });
    const aborted = () => withinReading(pool, 'begin; select 1/0', (client) => client.query(READ_ONE));
    await expect(aborted()).rejects.toMatchObject({ message: 'division by zero' });
    const { rows } = await withinReading(pool, 'begin read only', (client) => client.query(READ_ONE));
    expect(rows).toEqual([{ one: 1 }]);
  });

  it('a read whose work throws is rolled back, and its connection is used again', async () => {
    const failure = new Error('The work failed.');
    const failing = withinReading(pool, 'begin', async (client) => {
      await client.query(`create temporary table left_behind ()`);
      throw failure;
    });
    await expect(failing).rejects.toBe(failure);
    const { rows } = await withinReading(pool, 'begin read only', (client) =>
      client.query(`select to_regclass('left_behind') as found`),
    );
    expect(rows).toEqual([{ found: null }]);
  });
});
