import { withClient } from './one-client.js';

/** What this is tried with. Before 17 there is no `transaction_timeout`, which every connection sets. */
const OLDEST = 18;

/** The server is older than what this is made for. */
export class ServerTooOld extends Error {
  override readonly name = 'ServerTooOld';

  constructor(version: number) {
    super(`The database is PostgreSQL ${version}: PostgreSQL ${OLDEST} is needed.`);
  }
}

/**
 * Asked before the first connection that sets anything, which would fail by a word of its own.
 * @throws {ServerTooOld}
 */
export async function requireServerVersion(url: string): Promise<void> {
  await withClient({ connectionString: url, application_name: 'latchkey probe' }, async (client) => {
    const { rows } = await client.query<{ number: string }>(`select current_setting('server_version_num') as number`);
    const version = Math.floor(Number(rows[0]?.number) / 10_000);
    if (version < OLDEST) throw new ServerTooOld(version);
  });
}
