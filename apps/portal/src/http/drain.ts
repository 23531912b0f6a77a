import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as TcpServer, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * How long a kept-alive client has to send its next request, whose answer asks it to go elsewhere. Long enough that no busy
 * client is about to send when its connection is closed.
 */
const IDLE_MS = 2_000;
const LOOK_MS = 50;

/**
 * Prepares a server that does not listen yet for a graceful stop.
 *
 * The returned function stops listening at once, and ends when every received request has been answered. An idle connection is
 * not closed under a request on its way: its next answer asks the client to close, and a connection that stays idle is closed.
 * After `withinMs`, connections with a request still under way are cut.
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
  // Connections that the system has accepted are taken over first: closing the server would reset them.
  await nextTurn();
  // HTTP's own close would close idle connections at the same moment.
  const ended = new Promise<void>((resolve) => TcpServer.prototype.close.call(server, () => resolve()));
  const idleFrom = performance.now() + IDLE_MS;
  const look = setInterval(() => {
    if (performance.now() < idleFrom) return;
    server.closeIdleConnections();
    // Node.js counts a connection without any bytes as busy; browsers and load balancers open such connections in advance.
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
  }, LOOK_MS);
  // HTTP's own list of connections lacks the upgraded ones.
  const cut = setTimeout(() => open.forEach((socket) => socket.destroy()), withinMs);
  await ended;
  clearInterval(look);
  clearTimeout(cut);
}
