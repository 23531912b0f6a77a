import type { Socket } from 'node:net';
import type { ClientBase, Pool, PoolClient } from 'pg';
import { LIMITS } from '#kernel';
import { ContainedClient } from './contained-client.js';
import { hasLostConnection } from './database-errors.js';

/**
 * The server's limits end a statement or an idle transaction earlier than this. A connection that is silent for longer is dead.
 */
const SILENCE_MS = LIMITS.statementTimeoutMs + LIMITS.connectionTimeoutMs;

/** The instant of `performance.now()` at which a connection of each pool broke last. */
const brokenAt = new WeakMap<Pool, number>();
/** The open connections of each pool. */
const connections = new WeakMap<Pool, Set<ClientBase>>();

/**
 * Keeps a pool whole when its connections fail.
 *
 * - A working connection that stays silent (a cut cable, a lost host) is destroyed. The server's own limits do not end the wait
 *   for an answer that was lost on its way, and a rollback would wait behind that answer.
 * - A broken connection is released here: when a backend dies inside a transaction, the rollback throws and nobody releases the
 *   connection (kysely issue 1990). After `max` such failures every query would wait for ever.
 * - The failure of an idle connection has a listener: without one the event would end the process.
 * - When a connection has broken, its cause (an end of idle sessions, a firewall, a restart) has broken the others too, though they
 *   may not show it yet. `connectionOf` gives none of them.
 *
 * @param silenceMs 0: without an end, for statements that may take any time
 */
export function guardPool(pool: Pool, silenceMs = SILENCE_MS): void {
  const open = new Set<ClientBase>();
  connections.set(pool, open);
  pool.on('error', () => undefined);
  pool.on('remove', (client) => void open.delete(client));
  pool.on('connect', (client) => {
    open.add(client);
    const socket = socketOf(client);
    socket.on('timeout', () => socket.destroy(failure('The database has gone silent.')));
    client.on('error', (error) => {
      brokenAt.set(pool, performance.now());
      releaseBroken(client, error);
    });
  });
  pool.on('acquire', (client) => void socketOf(client).setTimeout(silenceMs));
  pool.on('release', (error, client) => {
    socketOf(client).setTimeout(0);
    // The last words of a server fail the statement before they close the connection.
    if (hasLostConnection(error)) brokenAt.set(pool, performance.now());
  });
}

/** Breaks all connections of a guarded pool, busy ones too: the server behind them was replaced, and may never answer. */
export function breakConnections(pool: Pool): void {
  for (const client of connections.get(pool) ?? []) socketOf(client).destroy(failure('The server was replaced.'));
}

/** Lets a connection of a guarded pool stay silent for a shorter time, until it is released. */
export function limitSilence(client: ClientBase, ms: number): void {
  socketOf(client).setTimeout(ms);
}

/**
 * Sends all statements that a connection is given before the next tick, in one write: each write is a call of the operating system. What
 * follows in promises comes before the next tick.
 */
export function sendTogether(client: ClientBase): void {
  const socket = socketOf(client);
  socket.cork();
  process.nextTick(() => socket.uncork());
}

/** A connection of a guarded pool that is younger than the last break of one: a retry gets a new connection. */
export async function connectionOf(pool: Pool): Promise<PoolClient> {
  for (;;) {
    const client = await pool.connect();
    if (!(client instanceof ContainedClient) || client.openedAt > (brokenAt.get(pool) ?? -Infinity)) return client;
    client.release(true);
  }
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

function failure(message: string): Error {
  return Object.assign(new Error(message), { code: 'ETIMEDOUT' });
}
