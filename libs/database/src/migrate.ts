import type { MikroORM } from '@mikro-orm/core';
import type { Migrator } from '@mikro-orm/migrations';
import type { Client } from 'pg';
import { OperatorError } from '#kernel';
import { missingRoles } from './missing-roles.js';
import { withClient } from './one-client.js';
import { openOrm } from './orm.js';
import { requireDirect } from './pooler.js';
import type { Schema } from './compose-schema.js';
import { requireServerVersion } from './server-version.js';

/** An arbitrary number that no other code locks in the database. */
const MIGRATION_LOCK = 7_210_021;
/** How long a process waits for another process that migrates. */
const LOCK_SECONDS = 60;
const INSUFFICIENT_PRIVILEGE = '42501';
const LOCK_NOT_AVAILABLE = '55P03';

/** The database has migrations that this build does not know: the build is older than the schema. */
export class SchemaTooNew extends OperatorError {
  constructor(names: readonly string[]) {
    super(
      `The database was migrated by a newer version: it has ${names.join(', ')}, unknown here. Start that version.`,
    );
  }
}

/** The login may not read the table of migrations. */
class LoginLacksRights extends OperatorError {
  constructor(options: ErrorOptions) {
    super(
      'The login of the database may not read the table "migrations". An administrator runs this once, with its name:\n\n' +
        '  grant usage on schema public to <login>;\n  grant select on public.migrations to <login>;',
      options,
    );
  }
}

/** Another process is applying migrations and did not finish in time. */
class MigrationsBusy extends OperatorError {
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
  /** A connection without a transaction pooler: the lock needs a session. */
  url: string;
}

/**
 * Creates the database roles if absent and applies pending migrations, one process at a time and in one transaction: a process
 * that dies meanwhile leaves the schema unchanged.
 * @returns the names of the applied migrations
 * @throws {RolesMissing} when roles are absent and this login may not create them
 * @throws {SchemaTooNew} when the schema belongs to a newer version
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
      const applied = (await migrator.getExecuted()).map(({ name }) => name);
      const { unknown } = compare(applied, target);
      if (unknown.length > 0) throw new SchemaTooNew(unknown);
      return (await migrator.up()).map(({ name }) => name);
    });
  });
}

/**
 * Compares the schema of the database with this build. Changes nothing.
 * @throws {ServerTooOld}
 * @throws {ConnectionNotDirect}
 */
export async function schemaState(target: Target): Promise<SchemaState> {
  await requireServerVersion(target.url);
  await requireDirect(target.url);
  return withClient({ connectionString: target.url, application_name: 'latchkey probe' }, async (client) =>
    compare(await appliedTo(client), target),
  );
}

/** The migrator would make the table that it looks into. */
async function appliedTo(client: Client): Promise<string[]> {
  try {
    const { rows: found } = await client.query(`select where to_regclass('public.migrations') is not null`);
    if (found.length === 0) return [];
    const { rows } = await client.query<{ name: string }>('select name from public.migrations');
    return rows.map(({ name }) => name);
  } catch (error) {
    throw (error as { code?: unknown }).code === INSUFFICIENT_PRIVILEGE
      ? new LoginLacksRights({ cause: error })
      : error;
  }
}

function compare(applied: readonly string[], { migrations }: Schema): SchemaState {
  const known = new Set<string>(migrations.map(({ name }) => name));
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

/** The lock ends with the connection, in whatever way the connection ends. */
async function takeTurn(client: Client): Promise<void> {
  // Time limits for statements, set elsewhere, are not meant for waiting for the lock or holding it idle.
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
