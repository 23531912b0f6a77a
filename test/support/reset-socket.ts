import type { Socket } from 'node:net';

/** Ends a connection by RST. One that has ended its side can no longer be reset: Node.js would keep its handle for ever. */
export function resetSocket(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
