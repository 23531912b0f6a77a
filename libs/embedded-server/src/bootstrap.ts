import { Client } from 'pg';
import { EmbeddedServerError, messageOf } from './embedded-server.error.js';

/** Name of the ordinary login, and of the database that it owns. */
export const PORTAL = 'portal';

const CONNECT_MS = 10_000;

export interface BootstrapOptions {
  /** The URL of a database for the superuser. */
  superuserUrl(database: string): string;
  portalPassword: string;
  administratorSql: (login: string) => readonly string[];
}

/** Makes the ordinary login and its database if absent, then runs the administrator's SQL there. */
export async function bootstrap({ superuserUrl, portalPassword, administratorSql }: BootstrapOptions): Promise<void> {
  await withClient(superuserUrl('postgres'), async (client) => {
    const login = client.escapeIdentifier(PORTAL);
    const has = async (catalog: string, name: string) =>
      (await client.query(`select from ${catalog} where ${name} = $1`, [PORTAL])).rowCount === 1;
    if (!(await has('pg_roles', 'rolname'))) await client.query(`create role ${login}`);
    // At every start: the password is the one in the file, and the login stays an ordinary one.
    await client.query(
      `alter role ${login} login nosuperuser nocreaterole nocreatedb noreplication nobypassrls
       password ${client.escapeLiteral(portalPassword)}`,
    );
    if (!(await has('pg_database', 'datname'))) await client.query(`create database ${login} owner ${login}`);
  });
  await withClient(superuserUrl(PORTAL), async (client) => {
    for (const statement of administratorSql(PORTAL)) {
      await client.query(statement).catch((error: unknown) => {
        throw new EmbeddedServerError(`PostgreSQL refuses the administrator's SQL: ${messageOf(error)}\n${statement}`);
      });
    }
  });
}

async function withClient(connectionString: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString, connectionTimeoutMillis: CONNECT_MS });
  // A server that dies meanwhile fails the statement at hand; without a listener the same event would end this process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.end();
  }
}
