import type { ClientBase } from 'pg';
import { ServiceUnavailable } from '#kernel';
import { limitSilence } from './pool-guard.js';

/** PostgreSQL's routine that waits for standbys. The text of its warning depends on the server's language. */
const WAITING_ROUTINE = 'SyncRepWaitForLSN';

/** Calls `note` when the server cuts a wait of this connection short. @returns a function that ends this */
export function onCutShort(client: ClientBase, note: () => void): () => void {
  const heed = ({ routine }: { routine?: string | undefined }) => {
    if (routine === WAITING_ROUTINE) note();
  };
  client.on('notice', heed);
  return () => client.off('notice', heed);
}

/**
 * Runs a statement that commits.
 * @param withinMs the connection is given up when the server stays silent for longer; left out: as for every statement
 * @throws {ServiceUnavailable} where the server cut its wait for a standby short. The commit is done there, and a failover may
 *   undo it, so nobody may rely on it.
 */
export async function acknowledged<Result>(
  client: ClientBase,
  statement: () => Promise<Result>,
  withinMs?: number,
): Promise<Result> {
  let isCutShort = false;
  const forget = onCutShort(client, () => (isCutShort = true));
  if (withinMs !== undefined) limitSilence(client, withinMs);
  try {
    const result = await statement();
    if (!isCutShort) return result;
  } finally {
    forget();
  }
  throw new ServiceUnavailable({ cause: new Error('The wait for a standby was cut short: it may lack the commit.') });
}
