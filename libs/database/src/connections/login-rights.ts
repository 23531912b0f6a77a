import type { Client } from 'pg';
import { isMissingRight } from './database-errors.js';
import { withClient } from './one-client.js';
import { ROLES } from './roles.js';

const ROLE_LIST = ROLES.map((role) => `'${role}'`).join(', ');

/** What a login is, and what the login or the roles may do that they do not need. */
const RIGHTS_SQL = `
  select current_user as login,
    (select rolsuper or rolbypassrls from pg_roles where rolname = current_user) as "isMighty",
    exists (select from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
      and pg_has_role(current_user, relowner, 'member')) as "ownsTables",
    array(select name from unnest(array[current_user, ${ROLE_LIST}]::text[]) as role (name)
      where has_database_privilege(name, current_database(), 'temp')) as "makeTemporary",
    array(select name from unnest(array[current_user, ${ROLE_LIST}]::text[]) as role (name)
      where has_schema_privilege(name, 'public', 'create')) as "makeTables"`;

interface Rights {
  login: string;
  isMighty: boolean;
  ownsTables: boolean;
  makeTemporary: string[];
  makeTables: string[];
}

/**
 * What the login of the URL, and the roles, may do beyond their work: a sentence each. None of it opens anything by itself, since
 * every statement runs as a role, and names mean our tables. It is what an attacker could build on who runs SQL of his own.
 */
export async function excessRights(url: string): Promise<string[]> {
  return withClient({ connectionString: url, application_name: 'latchkey probe' }, async (client) => {
    const { rows } = await client.query<Rights>(RIGHTS_SQL);
    return rows[0] ? sentencesOf(rows[0]) : [];
  });
}

function sentencesOf({ login, isMighty, ownsTables, ...rights }: Rights): string[] {
  const more: string[] = [];
  // What an owner may do is said once.
  const others = (names: string[]) => names.filter((name) => name !== login || !(isMighty || ownsTables));
  const [makeTemporary, makeTables] = [others(rights.makeTemporary), others(rights.makeTables)];
  if (isMighty)
    more.push(`The login ${login} passes row level security (SUPERUSER or BYPASSRLS): use an ordinary login.`);
  else if (ownsTables)
    more.push(
      `The login ${login} owns the tables, so a connection that left its role could do anything with them: let "migrate" ` +
        'use another login, by DATABASE_MIGRATE_URL (docs/operations.md, "Logins and roles").',
    );
  if (makeTemporary.length > 0)
    more.push(
      `${makeTemporary.join(', ')} may make temporary tables: "migrate" as the owner of the database takes this.`,
    );
  if (makeTables.length > 0)
    more.push(`${makeTables.join(', ')} may make tables in the schema public: "migrate" as its owner takes this.`);
  return more;
}

/**
 * Takes from everybody what only owners need: temporary tables, and tables in the schema `public`. A restore does not bring this
 * back, so each `migrate` does it. A login that may not do it leaves it, and each start says so.
 */
export async function takeExcessRights(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  const database = client.escapeIdentifier(rows[0]?.name ?? '');
  for (const statement of [
    `revoke temporary on database ${database} from public`,
    'revoke create on schema public from public',
  ])
    await client.query(statement).catch((error: unknown) => {
      if (!isMissingRight(error)) throw error;
    });
}
