import type { PoolClient } from 'pg';
import { ServiceUnavailable } from '#kernel';
import { limitSilence } from './pool-guard.js';

/** PostgreSQL's routine that waits for standbys. The text of its warning depends on the server's language. */
const WAITING_ROUTINE = 'SyncRepWaitForLSN';

/**
 * Runs a statement that commits.
 * @param withinMs the connection is given up when the server stays silent for longer; left out: as for every statement
 * @throws {ServiceUnavailable} where the server cut its wait for a standby short. The commit is done there, and a failover may
 *   undo it, so nobody may rely on it.
 */
export async function acknowledged<Result>(
  client: PoolClient,
  statement: () => Promise<Result>,
  withinMs?: number,
): Promise<Result> {
  let isCutShort = false;
  const note = ({ routine }: { routine?: string | undefined }) => {
    isCutShort ||= routine === WAITING_ROUTINE;
  };
  client.on('notice', note);
  if (withinMs !== undefined) limitSilence(client, withinMs);
  try {
    const result = await statement();
    if (!isCutShort) return result;
  } finally {
    client.off('notice', note);
  }
  throw new ServiceUnavailable({ cause: new Error('The wait for a standby was cut short: it may lack the commit.') });
}
