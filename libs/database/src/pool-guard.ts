import type { Socket } from 'node:net';
import type { Pool, PoolClient } from 'pg';
import { LIMITS } from '#kernel';

/**
 * The server's limits end a statement or an idle transaction earlier than this. A connection that is silent for longer is dead.
 */
const SILENCE_MS = LIMITS.statementTimeoutMs + LIMITS.connectionTimeoutMs;

/**
 * Keeps a pool whole when its connections fail.
 *
 * - A working connection that stays silent (a cut cable, a lost host) is destroyed. The server's own limits do not end the wait
 *   for an answer that was lost on its way, and a rollback would wait behind that answer.
 * - A broken connection is released here: when a backend dies inside a transaction, the rollback throws and nobody releases the
 *   connection (kysely issue 1990). After `max` such failures every query would wait for ever.
 * - The failure of an idle connection has a listener: without one the event would end the process.
 */
export function guardPool(pool: Pool): void {
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    const socket = socketOf(client);
    socket.on('timeout', () => socket.destroy(silent()));
    client.on('error', (error) => releaseBroken(client, error));
  });
  pool.on('acquire', (client) => void socketOf(client).setTimeout(SILENCE_MS));
  pool.on('release', (_, client) => void socketOf(client).setTimeout(0));
}

function releaseBroken(client: PoolClient, error: Error): void {
  try {
    client.release(error);
  } catch {
    // Already released: the pool has dropped the connection.
  }
  // The code that worked with the connection also releases it. That second release would throw and hide the reason of the
  // failure.
  client.release = () => undefined;
}

/** The driver has the socket, but its types do not declare it. */
function socketOf(client: PoolClient): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}

function silent(): Error {
  return Object.assign(new Error('The database has gone silent.'), { code: 'ETIMEDOUT' });
}
