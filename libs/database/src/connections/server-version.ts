import { OperatorError } from '#kernel';
import { withClient } from './one-client.js';

/** The oldest tested version. Before 17 there is no `transaction_timeout`, which every connection sets. */
const OLDEST = 18;

/** The server is older than the oldest version that this is made for. */
class ServerTooOld extends OperatorError {
  constructor(version: number) {
    super(`The database is PostgreSQL ${version}: PostgreSQL ${OLDEST} is needed.`);
  }
}

/**
 * Runs before the first connection that sets anything: such a connection would fail with an unclear message.
 * @throws {ServerTooOld}
 */
export async function requireServerVersion(url: string): Promise<void> {
  await withClient({ connectionString: url, application_name: 'latchkey probe' }, async (client) => {
    const { rows } = await client.query<{ number: string }>(`select current_setting('server_version_num') as number`);
    const version = Math.floor(Number(rows[0]?.number) / 10_000);
    if (version < OLDEST) throw new ServerTooOld(version);
  });
}
