import { randomUUID } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import { Client, Pool, type QueryResultRow } from 'pg';
import { keepRows } from './evidence.js';
import { testServer } from './test-server.js';
import { until } from './until.js';

export { testServer };

const WAITS = `datname = current_database() and wait_event_type = 'Lock' and application_name like 'latchkey %'`;

/** A migrated database of its own, cloned from the template. */
export class TestDatabase {
  private administrator?: Pool;

  private constructor(
    readonly name: string,
    /** The URL for the ordinary login that the application uses. */
    readonly url: string,
    private readonly administratorUrl: string,
    /** Its server runs as long as the tests do, so that one session serves all of an administrator's statements. */
    private readonly isOwn: boolean,
  ) {}

  static async create(): Promise<TestDatabase> {
    const server = testServer();
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    await maker().query(`create database ${name} template ${server.template} owner portal strategy file_copy`);
    const at = (url: string) => Object.assign(new URL(url), { pathname: name }).href;
    return new TestDatabase(name, at(server.url), at(server.superuserUrl), true);
  }

  /** A database that is there already and stays, of a server of the test's own. */
  static at(url: string, administratorUrl: string): TestDatabase {
    return new TestDatabase(new URL(url).pathname.slice(1), url, administratorUrl, false);
  }

  /** Runs SQL as an administrator, whom row level security does not restrict. For facts and for evidence. */
  async sql<Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    if (!this.isOwn)
      return withClient(this.administratorUrl, async (client) => (await client.query<Row>(text, values)).rows);
    return (await this.administratorSession().query<Row>(text, values)).rows;
  }

  /** One administrator's session, for what a single statement cannot show. */
  withClient<Result>(work: (client: Client) => Promise<Result>): Promise<Result> {
    return withClient(this.administratorUrl, work);
  }

  /** Runs SQL as the application may: by its login, as one of its roles, bound to a tenant or to none. */
  async sqlAs<Row extends QueryResultRow>(
    role: string,
    tenantId: string | undefined,
    text: string,
    values: unknown[] = [],
    settings: Record<string, string> = {},
  ): Promise<Row[]> {
    return withClient(this.url, async (client) => {
      await client.query(`set role ${role}`);
      const given = tenantId === undefined ? settings : { 'app.tenant_id': tenantId, ...settings };
      for (const setting of Object.entries(given)) await client.query('select set_config($1, $2, false)', setting);
      return (await client.query<Row>(text, values)).rows;
    });
  }

  /** Runs `work` while a transaction of another session holds what `statement` took. */
  async holding<Result>(statement: string, work: () => Promise<Result>): Promise<Result> {
    return withClient(this.administratorUrl, async (client) => {
      await client.query('begin');
      await client.query(statement);
      try {
        return await work();
      } finally {
        await client.query('rollback');
      }
    });
  }

  /** Waits until the given number of the application's sessions wait for a lock; default one. */
  async someoneWaits(withinMs = 2_000, sessions = 1): Promise<void> {
    const waiting = `
      select from pg_stat_activity where ${WAITS}`;
    await until('a session waits for a lock', async () => (await this.sql(waiting)).length >= sessions, withinMs);
  }

  /** Waits until a session of the application waits for a lock, and ends its backend. */
  async endBackendThatWaits(): Promise<void> {
    const end = `
      select pg_terminate_backend(pid) from pg_stat_activity where ${WAITS}`;
    await until('a session waits for a lock', async () => (await this.sql(end)).length > 0, 2_000);
  }

  /** Its rows are kept for the search for secrets at the end of the run. */
  async drop(): Promise<void> {
    const session = this.administratorSession();
    await keepRows(session, this.name);
    await session.end();
    await maker().query(`drop database ${this.name} with (force)`);
  }

  private administratorSession(): Pool {
    return (this.administrator ??= oneSession(this.administratorUrl));
  }
}

let makerSession: Pool | undefined;

/** Makes and drops the databases of this worker. */
function maker(): Pool {
  return (makerSession ??= oneSession(testServer().superuserUrl));
}

/** One session, whose statements queue up; after one that fails, another. While idle it keeps no process from its end. */
function oneSession(connectionString: string): Pool {
  return listening(new Pool({ connectionString, max: 1, idleTimeoutMillis: 0, allowExitOnIdle: true }));
}

async function withClient<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = listening(new Client({ connectionString: url }));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Some tests end servers: the statement under way reports the failure. */
function listening<Session extends EventEmitter>(session: Session): Session {
  return session.on('error', () => undefined);
}
