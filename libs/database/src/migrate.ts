import type { MikroORM } from '@mikro-orm/core';
import type { Migrator } from '@mikro-orm/migrations';
import type { Client } from 'pg';
import { missingRoles } from './missing-roles.js';
import { withClient } from './one-client.js';
import { openOrm } from './orm.js';
import { requireDirect } from './pooler.js';
import type { Schema } from './compose-schema.js';
import { requireServerVersion } from './server-version.js';

/** Any number that nothing else in the database locks. */
const MIGRATION_LOCK = 7_210_021;
/** For as long a process waits for another one that migrates. */
const LOCK_SECONDS = 60;
const INSUFFICIENT_PRIVILEGE = '42501';
const LOCK_NOT_AVAILABLE = '55P03';

/** The database has migrations that this build does not know: it is older than the schema it would work on. */
export class SchemaTooNew extends Error {
  override readonly name = 'SchemaTooNew';

  constructor(names: readonly string[]) {
    super(
      `The database was migrated by a newer version: it has ${names.join(', ')}, unknown here. Start that version.`,
    );
  }
}

/** Another process is applying migrations, and was not done in time. */
export class MigrationsBusy extends Error {
  override readonly name = 'MigrationsBusy';

  constructor(options: ErrorOptions) {
    super(
      `Another process has been migrating this database for more than ${LOCK_SECONDS} s: start again later.`,
      options,
    );
  }
}

export interface SchemaState {
  /** Migrations of this build that the database lacks. */
  pending: string[];
  /** Migrations of the database that this build does not know. */
  unknown: string[];
}

interface Target extends Schema {
  /** Without a transaction pooler between: the lock needs a session. */
  url: string;
}

/**
 * Makes the database roles if absent and applies pending migrations, one process at a time and in one transaction: a
 * process that dies meanwhile leaves the schema as it was.
 * @returns the names of the migrations applied
 * @throws {RolesMissing} when roles are absent and this login may not make them
 * @throws {SchemaTooNew} when the schema is a newer version's
 * @throws {MigrationsBusy}
 * @throws {ServerTooOld}
 * @throws {ConnectionNotDirect}
 */
export async function migrate(target: Target): Promise<string[]> {
  await requireServerVersion(target.url);
  await requireDirect(target.url);
  return withClient({ connectionString: target.url, application_name: 'latchkey migrate' }, async (client) => {
    await takeTurn(client);
    await ensureRoles(client);
    return asOwner(target, async (migrator) => {
      const { unknown } = await stateOf(migrator, target);
      if (unknown.length > 0) throw new SchemaTooNew(unknown);
      return (await migrator.up()).map(({ name }) => name);
    });
  });
}

/**
 * How the schema of the database compares with this build. Changes nothing.
 * @throws {ServerTooOld}
 * @throws {ConnectionNotDirect}
 */
export async function schemaState(target: Target): Promise<SchemaState> {
  await requireServerVersion(target.url);
  await requireDirect(target.url);
  return asOwner(target, (migrator) => stateOf(migrator, target));
}

async function stateOf(migrator: Migrator, { migrations }: Schema): Promise<SchemaState> {
  const known = new Set<string>(migrations.map(({ name }) => name));
  const applied = (await migrator.getExecuted()).map(({ name }) => name);
  const pending = [...known].filter((name) => !applied.includes(name));
  return { pending, unknown: applied.filter((name) => !known.has(name)) };
}

async function asOwner<Result>(target: Target, work: (migrator: Migrator) => Promise<Result>): Promise<Result> {
  const orm: MikroORM = await openOrm({ ...target, role: undefined, max: 1 });
  try {
    return await work(orm.migrator as Migrator);
  } finally {
    await orm.close(true);
  }
}

/** The lock ends with the connection, however that ends. */
async function takeTurn(client: Client): Promise<void> {
  // How long a statement may take here, by whoever set it, is not meant for waiting, nor for holding the lock idly.
  await client.query(`set statement_timeout = 0; set idle_session_timeout = 0; set lock_timeout = '${LOCK_SECONDS}s'`);
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
  } catch (error) {
    throw (error as { code?: unknown }).code === LOCK_NOT_AVAILABLE ? new MigrationsBusy({ cause: error }) : error;
  }
}

async function ensureRoles(client: Client): Promise<void> {
  const missing = await missingRoles(client);
  if (!missing) return;
  try {
    for (const statement of missing.statements) await client.query(statement);
  } catch (error) {
    throw (error as { code?: unknown }).code === INSUFFICIENT_PRIVILEGE ? missing : error;
  }
}
