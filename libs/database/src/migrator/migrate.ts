import type { MikroORM } from '@mikro-orm/core';
import type { Migrator } from '@mikro-orm/migrations';
import type { Client, ClientBase } from 'pg';
import { OperatorError } from '#kernel';
import { onCutShort } from '../connections/acknowledged.js';
import { isMissingRight } from '../connections/database-errors.js';
import { takeExcessRights } from '../connections/login-rights.js';
import { missingRoles } from './missing-roles.js';
import { withClient } from '../connections/one-client.js';
import { openOrm, type OrmSettings } from './orm.js';
import { requireDirect } from '../connections/pooler.js';
import type { Schema } from '../tables/compose-schema.js';
import { repeatSteps } from '../tables/repeated-steps.js';
import { ROLES } from '../connections/roles.js';
import { PUBLIC } from '../connections/schema-name.js';
import { migrationsOf, type SchemaState, stateOf } from './schema-state.js';
import { requireServerVersion } from '../connections/server-version.js';

/** An arbitrary number that no other code locks in the database. */
const MIGRATION_LOCK = 7_210_021;
/** How long a process waits for another process that migrates. */
const LOCK_SECONDS = 60;
const LOCK_NOT_AVAILABLE = '55P03';

/** The database has migrations that this build does not know: the build is older than the schema. */
export class SchemaTooNew extends OperatorError {
  constructor(names: readonly string[]) {
    super(
      `The database was migrated by a newer version: it has ${names.join(', ')}, unknown here. Start that version.`,
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

/** The server cut the wait of a commit for its standby short. */
class StandbyMayLack extends OperatorError {
  constructor() {
    super(
      'A standby may lack what was migrated, because the wait for it was cut short. A failover to it may undo the migration: ' +
        'run migrate again when the standby follows.',
    );
  }
}

/** The login that migrates and the login that serves would work on different tables. */
class MigratesElsewhere extends OperatorError {
  constructor() {
    super('DATABASE_MIGRATE_URL leads to another database than DATABASE_URL.');
  }
}

interface Target extends Schema {
  /** A connection without a transaction pooler: the lock needs a session. */
  url: string;
}

interface MigrationTarget extends Target {
  /** The same database for the login that serves. Default: `url`, whose login then owns the tables that it serves from. */
  servingUrl?: string;
}

/**
 * Creates the database roles if absent, for the login that serves, applies pending migrations in one transaction, and runs pending
 * repeated steps in a second one. One process does so at a time. A process that dies leaves each transaction whole or undone, and the
 * next one goes on from there.
 * @returns the names of the applied migrations and repeated steps
 * @throws {RolesMissing} when roles are absent and this login may not create them
 * @throws {SchemaTooNew} when the schema belongs to a newer version
 * @throws {LoginLacksRights}
 * @throws {MigrationsBusy}
 * @throws {StandbyMayLack}
 * @throws {MigratesElsewhere} when the two URLs lead to different databases
 * @throws {ServerTooOld}
 * @throws {ConnectionNotDirect}
 * @throws {StepRefused} naming what the application passes wrongly
 */
export async function migrate(target: MigrationTarget): Promise<string[]> {
  await requireServerVersion(target.url);
  await requireDirect(target.url);
  const serving = await whereIs(target.servingUrl ?? target.url);
  return withClient({ connectionString: target.url, application_name: 'latchkey migrate' }, async (client) => {
    let isCutShort = false;
    const watch = async (used: ClientBase) => void onCutShort(used, () => (isCutShort = true));
    await watch(client);
    const here = await placeOf(client);
    if (here.database !== serving.database) throw new MigratesElsewhere();
    await takeTurn(client);
    await ensureRoles(client, serving.login);
    const { schema = PUBLIC, repeated = [] } = target;
    const { pending, unknown } = await migrationsOf(client, target);
    if (unknown.length > 0) throw new SchemaTooNew(unknown);
    if (schema !== PUBLIC) await ensureSchema(client, schema);
    // Most starts have nothing to apply, and the migrator needs a good part of a second to load.
    const applied = pending.length === 0 ? [] : await asOwner({ ...target, checkConnection: watch }, applyPending);
    applied.push(...(await repeatSteps(client, repeated, schema)));
    // A database with a schema of ours is another application's, and so are the rights in it.
    if (schema === PUBLIC) await takeExcessRights(client);
    // Every start compares the table of migrations with its build.
    if (serving.login !== here.login) await letRead(client, schema, serving.login);
    if (isCutShort) throw new StandbyMayLack();
    return applied;
  });
}

/** Makes the schema if absent; the roles work in it. */
async function ensureSchema(client: Client, schema: string): Promise<void> {
  await client.query(`create schema if not exists "${schema}"`);
  await client.query(`grant usage on schema "${schema}" to ${ROLES.join(', ')}`);
}

async function letRead(client: Client, schema: string, login: string): Promise<void> {
  const reader = client.escapeIdentifier(login);
  if (schema !== PUBLIC) await client.query(`grant usage on schema "${schema}" to ${reader}`);
  await client.query(`grant select on "${schema}".migrations to ${reader}`);
}

async function applyPending(migrator: Migrator): Promise<string[]> {
  return (await migrator.up()).map(({ name }) => name);
}

interface Place {
  login: string;
  /** Identifies the server's data and the database in it. */
  database: string;
}

function whereIs(url: string): Promise<Place> {
  return withClient({ connectionString: url, application_name: 'latchkey probe' }, placeOf);
}

async function placeOf(client: Client): Promise<Place> {
  const { rows } = await client.query<Place>(
    `select current_user as login,
      (select system_identifier from pg_control_system()) || '/' || current_database() as database`,
  );
  return rows[0] ?? { login: '', database: '' };
}

/**
 * Compares the schema of the database with this build. Changes nothing.
 * @throws {ServerTooOld}
 * @throws {ConnectionNotDirect}
 * @throws {LoginLacksRights}
 */
export async function schemaState(target: Target): Promise<SchemaState> {
  await requireServerVersion(target.url);
  await requireDirect(target.url);
  return withClient({ connectionString: target.url, application_name: 'latchkey probe' }, (client) =>
    stateOf(client, target),
  );
}

async function asOwner<Result>(
  target: Target & Pick<OrmSettings, 'checkConnection'>,
  work: (migrator: Migrator) => Promise<Result>,
): Promise<Result> {
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

async function ensureRoles(client: Client, login: string): Promise<void> {
  const missing = await missingRoles(client, login);
  if (!missing) return;
  try {
    for (const statement of missing.statements) await client.query(statement);
  } catch (error) {
    throw isMissingRight(error) ? missing : error;
  }
}
