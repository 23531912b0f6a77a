import type { ClientBase } from 'pg';
import { OperatorError } from '#kernel';
import type { Schema } from '../tables/compose-schema.js';
import { isMissingRight, isMissingTable } from '../connections/database-errors.js';
import { pendingSteps } from '../tables/repeated-steps.js';
import { PUBLIC } from '../connections/schema-name.js';

export interface SchemaState {
  /** Migrations and repeated steps of this build that the database lacks. */
  pending: string[];
  /** Migrations of the database that this build does not know. */
  unknown: string[];
}

/** The login may not read the table of migrations. */
class LoginLacksRights extends OperatorError {
  constructor(schema: string, options: ErrorOptions) {
    super(
      'The login of the database may not read the table "migrations". An administrator runs this once, with its name:\n\n' +
        `  grant usage on schema ${schema} to <login>;\n  grant select on ${schema}.migrations to <login>;`,
      options,
    );
  }
}

/**
 * Compares the schema of the database with this build. Changes nothing.
 * @throws {LoginLacksRights}
 */
export async function stateOf(client: ClientBase, build: Schema): Promise<SchemaState> {
  const { pending, unknown } = await migrationsOf(client, build);
  return {
    pending: [...pending, ...(await pendingSteps(client, build.repeated ?? [], build.schema ?? PUBLIC))],
    unknown,
  };
}

/** Compares the migrations alone. Throws as `stateOf` does. */
export async function migrationsOf(client: ClientBase, { migrations, schema = PUBLIC }: Schema): Promise<SchemaState> {
  const applied = await appliedTo(client, schema);
  const known = new Set<string>(migrations.map(({ name }) => name));
  return {
    pending: [...known].filter((name) => !applied.has(name)),
    unknown: [...applied].filter((name) => !known.has(name)),
  };
}

/** The migrator is not asked: it would make the table that it looks into. */
async function appliedTo(client: ClientBase, schema: string): Promise<ReadonlySet<string>> {
  try {
    const { rows } = await client.query<{ name: string }>(`select name from "${schema}".migrations`);
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    if (isMissingTable(error)) return new Set();
    throw isMissingRight(error) ? new LoginLacksRights(schema, { cause: error }) : error;
  }
}
