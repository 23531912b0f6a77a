import type { Socket } from 'node:net';
import type { Pool, PoolClient } from 'pg';
import { LIMITS } from '#kernel';

/** The server ends a statement before this, and a transaction that asks nothing: who is silent for longer is gone. */
const SILENCE_MS = LIMITS.statementTimeoutMs + LIMITS.connectionTimeoutMs;

/**
 * Keeps a pool whole, whatever becomes of its connections.
 *
 * - A connection at work from which nothing is heard any more (a cable cut, a host gone) is destroyed. The server's own
 *   limits do not end a wait for an answer that is lost on its way, and a roll-back would wait behind it.
 * - A broken connection is handed back by hand: when a backend dies inside a transaction, the roll-back throws and nobody
 *   releases the connection (kysely issue 1990). After `max` such deaths every query would wait for ever.
 * - The death of an idle one is heard: without a listener it would end the process.
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
    // Released already: the pool has dropped it.
  }
  // Whoever worked with it releases it too, and would be told off for that instead of learning why it broke.
  client.release = () => undefined;
}

/** The driver knows its socket, and its types do not tell of it. */
function socketOf(client: PoolClient): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}

function silent(): Error {
  return Object.assign(new Error('The database has gone silent.'), { code: 'ETIMEDOUT' });
}
