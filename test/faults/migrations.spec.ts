import { tmpdir } from 'node:os';
import { migrate, schemaState } from '#database';
import { openOrm } from '#database/testing';
import { SCHEMA } from '../../mikro-orm.config.js';
import { portal, startPortal } from '../support/command-line.js';
import { until } from '../support/until.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { TestDatabase } from '../support/test-database.js';

const ROUNDS = Number(process.env['MIGRATION_ROUNDS'] ?? 1);
const NOTHING_LISTENS = 'postgresql://portal:secret@127.0.0.1:1/portal';

let database: TestDatabase;
beforeEach(async () => {
  database = await TestDatabase.create();
});
afterEach(() => database.drop());

const target = (url = database.url) => ({ url, ...SCHEMA });
/** Takes back migrations from the last one on. */
const undo = async (to: number | string) => {
  const orm = await openOrm({ ...target(), role: undefined, max: 1 });
  await orm.migrator.down({ to });
  await orm.close(true);
};
const command = (name: string, url = database.url) =>
  portal([name], { cwd: tmpdir(), environment: { DATABASE_URL: url, PORT: '0' } });

describe('migrations', () => {
  it.each([
    ['an empty database', 0],
    ['one of an older version', 'Migration20261122110000_api_key_events'],
  ])(
    `the migrations of %s are applied by one of three processes that start at once (F33, ${ROUNDS} rounds)`,
    async (_, to) => {
      for (let round = 0; round < ROUNDS; round++) {
        await undo(to);
        const { pending } = await schemaState(target());
        const applied = await Promise.all([1, 2, 3].map(() => migrate(target())));
        expect(applied.filter(({ length }) => length > 0)).toEqual([pending]);
        expect(await schemaState(target())).toEqual({ pending: [], unknown: [] });
      }
    },
  );

  it('migrations wait for their turn for longer than the statement timeout', async () => {
    await database.sql(`alter database "${database.name}" set statement_timeout = '300ms'`);
    const waiting = `select from pg_locks where locktype = 'advisory' and waitstart < now() - interval '400 ms'`;
    const applied = await database.withClient(async (other) => {
      await other.query('select pg_advisory_lock(7210021)');
      const migrating = migrate(target());
      const waited = until('the migration has waited', async () => (await other.query(waiting)).rowCount === 1);
      await Promise.race([migrating, waited]);
      await other.query('select pg_advisory_unlock(7210021)');
      return migrating;
    });
    expect(applied).toEqual([]);
  });

  // In the middle, and at the last word.
  const kills = ['create table "api_key_policies"', 'commit\0'];
  it.each(kills)(
    'the migrations of a process that is killed at %j are undone, refused by serve, and done by the next process (F34)',
    async (text) => {
      await undo(0);
      const proxy = await TcpProxy.before(database.url);
      const migrating = startPortal(['migrate'], { cwd: tmpdir(), environment: { DATABASE_URL: proxy.url } });
      proxy.meet(text, (connection) => {
        migrating.kill('SIGKILL');
        connection.reset();
      });
      await migrating.ended;
      let pending: readonly string[] = [];
      await until('the database answers again', async () => {
        pending = await schemaState(target()).then(
          (state) => state.pending,
          () => [],
        );
        return pending.length > 0;
      });
      expect(pending).toContain('Migration20261122140000_change_triggers');
      expect(await database.sql(`select from pg_class where relname in ('tenants', 'api_keys')`)).toEqual([]);

      const { exitCode, stderr } = await command('serve');
      expect([exitCode, stderr.trim().split('\n')]).toEqual([
        1,
        [expect.stringContaining('portal -- migrate" first.')],
      ]);
      expect(await migrate(target())).toEqual(pending);
      await proxy.close();
    },
  );
});

describe('starts without a database', () => {
  it.each([
    ['nobody who listens', NOTHING_LISTENS, /^The database does not answer: .*ECONNREFUSED/],
    ['a login that is refused', 'wrong password', /^The database does not answer: .*authentication failed/],
  ])('a start is refused with one line by %s (F17)', async (_, url, line) => {
    const wrong = Object.assign(new URL(database.url), { password: 'wrong' }).href;
    const run = await command('serve', url === NOTHING_LISTENS ? url : wrong);
    expect(run.exitCode).toBe(1);
    expect(run.stderr.trim()).toMatch(line);
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
  });
});
