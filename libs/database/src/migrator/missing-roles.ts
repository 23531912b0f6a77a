import type { Client } from 'pg';
import { OperatorError } from '#kernel';
import { withClient } from '../connections/one-client.js';
import { administratorSql, ROLES } from '../connections/roles.js';

/** One row per role that is absent, or that the login `$1` may not set. */
const MISSING_ROLES_SQL = `
  select wanted.name
  from unnest(array[${ROLES.map((role) => `'${role}'`).join(', ')}]) as wanted (name)
  left join pg_roles on pg_roles.rolname = wanted.name
  where pg_roles.oid is null or not pg_has_role($1, pg_roles.oid, 'set')`;

/** The login may not create the database roles. The message names the statements that an administrator has to run once. */
class RolesMissing extends OperatorError {
  constructor(
    readonly roles: readonly string[],
    readonly statements: readonly string[],
  ) {
    super(
      `The database lacks the roles ${roles.join(', ')}, or the login that serves may not set them. An administrator runs this once:\n` +
        statements.map((statement) => `\n  ${statement};`).join(''),
    );
  }
}

/** The roles that `login` lacks; undefined where the login may set every role. */
export async function missingRoles(client: Client, login: string): Promise<RolesMissing | undefined> {
  const missing = await client.query<{ name: string }>(MISSING_ROLES_SQL, [login]);
  if (missing.rows.length === 0) return undefined;
  const names = missing.rows.map(({ name }) => name);
  return new RolesMissing(names, administratorSql(login));
}

/**
 * Checked once, before anything is served: every transaction would fail otherwise.
 * @throws {RolesMissing}
 */
export async function requireRoles(url: string): Promise<void> {
  await withClient({ connectionString: url, application_name: 'latchkey probe' }, async (client) => {
    const { rows } = await client.query<{ login: string }>('select current_user as login');
    const missing = await missingRoles(client, rows[0]?.login ?? '');
    if (missing) throw missing;
  });
}
