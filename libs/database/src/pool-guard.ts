import type { Socket } from 'node:net';
import type { ClientBase, Pool, PoolClient } from 'pg';
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
 * - When a connection has broken, the idle ones are as old or older. Its cause (an end of idle sessions, a firewall, a restart) has
 *   broken them too. They are closed, so that a retry gets a new connection.
 */
export function guardPool(pool: Pool): void {
  const closeIdle = idleCloser(pool);
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    const socket = socketOf(client);
    socket.on('timeout', () => socket.destroy(silent()));
    client.on('error', (error) => {
      releaseBroken(client, error);
      closeIdle();
    });
  });
  pool.on('acquire', (client) => void socketOf(client).setTimeout(SILENCE_MS));
  pool.on('release', (_, client) => void socketOf(client).setTimeout(0));
}

/**
 * A check of each connection as it opens, for `onConnect` of a pool. One that fails is destroyed: the pool would part from it
 * politely, and wait for the other end to agree as long as that likes.
 */
export function checkOf(check: (client: ClientBase) => Promise<void>): (client: ClientBase) => Promise<void> {
  return async (client) => {
    try {
      await check(client);
    } catch (error) {
      socketOf(client).destroy();
      throw error;
    }
  };
}

/** Once at a time. Who asks for a connection meanwhile comes after this. */
function idleCloser(pool: Pool): () => void {
  let closing = 0;
  return () => {
    if (closing > 0) return;
    closing = pool.idleCount;
    for (let left = closing; left > 0; left--)
      pool.connect((_, client, release) => {
        closing--;
        if (client) release(true);
      });
  };
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
function socketOf(client: ClientBase): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}

function silent(): Error {
  return Object.assign(new Error('The database has gone silent.'), { code: 'ETIMEDOUT' });
}
