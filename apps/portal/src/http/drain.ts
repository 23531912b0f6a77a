import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as TcpServer, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * A client that keeps its connection has so long to send its next request, and learns by its answer to go elsewhere: long
 * enough that nobody who is busy is on its way when the connection is closed.
 */
const IDLE_MS = 2_000;
const LOOK_MS = 50;

/**
 * Prepares a server that does not listen yet to be stopped.
 *
 * What it returns stops listening at once, and ends when every request that came in has been answered. No idle connection
 * is closed under a request that is on its way: each is told to close by its next answer, and closed when it stays idle.
 * `withinMs` later connections are cut that have a request under way still.
 */
export function drainable(server: Server): (withinMs: number) => Promise<void> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return (withinMs) => drain(server, open, withinMs);
}

async function drain(server: Server, open: ReadonlySet<Socket>, withinMs: number): Promise<void> {
  server.prependListener('request', (_: IncomingMessage, response: ServerResponse) => {
    response.shouldKeepAlive = false;
  });
  // Whom the system has let in already is taken over first: closing would reset them.
  await nextTurn();
  // That of HTTP would close idle connections in the same moment.
  const ended = new Promise<void>((resolve) => TcpServer.prototype.close.call(server, () => resolve()));
  const idleFrom = performance.now() + IDLE_MS;
  const look = setInterval(() => {
    if (performance.now() < idleFrom) return;
    server.closeIdleConnections();
    // Node.js takes one for busy on which nothing has come yet; browsers and load balancers open some in advance.
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
  }, LOOK_MS);
  // Not by HTTP's own list, which lacks what is no HTTP any more.
  const cut = setTimeout(() => open.forEach((socket) => socket.destroy()), withinMs);
  await ended;
  clearInterval(look);
  clearTimeout(cut);
}
