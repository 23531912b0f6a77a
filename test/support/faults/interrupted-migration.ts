import { Migration } from '@mikro-orm/migrations';
import { migrate } from '#database';
import { TcpProxy } from '../tcp-proxy.js';
import { until } from '../until.js';
import type { Origin } from './server-copy.js';

/** Where the primary fails: between two statements of a migration, at its commit, or before the answer to its commit. */
export type Moment = 'in the middle of' | 'at the commit of' | 'after the commit of';

class Migration20260101000000_two_tables extends Migration {
  override up(): void {
    this.addSql('create table one_half (id int)');
    this.addSql('create table other_half (id int)');
  }
}
export const MIGRATION = Migration20260101000000_two_tables.name;
export const STEP = 'a step that repeats';
const TABLES = ['one_half', 'other_half', 'of_the_step'];

/** A migration in a PostgreSQL schema of its own, through a proxy of its own. It stops at a moment, until `goOn` or `end`. */
export class InterruptedMigration {
  private constructor(
    private readonly schema: string,
    private readonly way: TcpProxy,
    private readonly ended: Promise<string[] | Error>,
  ) {}

  static async begin({ url }: Origin, schema: string, moment: Moment): Promise<InterruptedMigration> {
    const way = await TcpProxy.before(url);
    let isThere = false;
    const stop = (direction: 'requests' | 'answers') => () => {
      isThere = true;
      way.hold(direction);
    };
    if (moment === 'in the middle of') way.meet('create table other_half', stop('requests'));
    if (moment === 'at the commit of') way.meet('commit\0', stop('requests'));
    if (moment === 'after the commit of') way.meetAnswer('COMMIT\0', stop('answers'));
    const ended = migrate({ url: way.url, ...buildOf(schema) }).catch((error: Error) => error);
    await until('the migration has come to its moment', () => isThere);
    way.meetNothing();
    return new InterruptedMigration(schema, way, ended);
  }

  /** Lets it commit on a primary that no standby follows any more. */
  async goOn({ database }: Origin): Promise<void> {
    this.way.pass();
    const waits = `select from pg_stat_activity where wait_event = 'SyncRep' and application_name = 'latchkey owner'`;
    await until('the migration waits for the standby', async () => (await database.sql(waits)).length > 0);
  }

  /** Ends its connections. @returns its end, its tables on the new primary, and what another run applies there */
  async end({ url, database }: Origin): Promise<{ ended: unknown; found: unknown[]; applied: string[] }> {
    this.way.pass();
    this.way.leadTo(url);
    this.way.reset();
    const ended = await this.ended;
    const found = await this.tablesOn(database);
    const applied = await migrate({ url: this.way.url, ...buildOf(this.schema) });
    if ((await this.tablesOn(database)).length < TABLES.length) throw new Error('The second run was not whole.');
    await this.way.close();
    return { ended, found, applied };
  }

  private async tablesOn(database: Origin['database']): Promise<string[]> {
    const tables = await database.sql<{ name: string }>(
      'select tablename as name from pg_tables where schemaname = $1 and tablename = any($2) order by 1',
      [this.schema, TABLES],
    );
    return tables.map(({ name }) => name);
  }
}

/** A migration of two tables and a step that makes a third, all in a PostgreSQL schema of their own. */
export function buildOf(schema: string) {
  const step = {
    name: STEP,
    checks: [],
    statements: (name: string) => [`create table "${name}".of_the_step (id int)`],
    isDone: (name: string) => `to_regclass('"${name}".of_the_step') is not null`,
  };
  return { entities: [], migrations: [Migration20260101000000_two_tables], repeated: [step], schema };
}
