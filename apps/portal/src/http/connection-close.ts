import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { LIMITS } from '#kernel';

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

/** Requests of a connection whose answers are not completely written. */
const unanswered = new WeakMap<Socket, Exchange[]>();
const closing = new WeakSet<Socket>();

/**
 * Prepares a server that does not listen yet, so that no answer is lost when its connection closes.
 *
 * The system answers bytes that arrive after the close with a reset, and a reset client discards the answer. So where a client is
 * still sending, its connection closes in stages. A client that ends its own side still gets its answer.
 */
export function keepAnswersOnClose(server: Server): void {
  (server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
  server.on('connection', (socket: Socket) => {
    const close = socket.destroySoon.bind(socket);
    // Node.js ends a connection by this method after the last answer.
    socket.destroySoon = () => (isSending(socket) ? closeInStages(socket) : close());
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    unanswered.set(socket, [...exchangesOf(socket), { request, response }]);
    response.once('finish', () => {
      if (!request.complete) closeInStages(socket);
    });
  });
}

/** The last response for which a complete request on this connection still waits. */
export function responseUnderWay(socket: Socket): ServerResponse | undefined {
  return exchangesOf(socket).findLast(({ request }) => request.complete)?.response;
}

/** True if bytes written after the response would corrupt it. */
export function hasBegunResponse(socket: Socket): boolean {
  return exchangesOf(socket).some(({ response }) => response.headersSent);
}

export function isClosing(socket: Socket): boolean {
  return closing.has(socket);
}

/** Ends our side, reads what the client still sends, up to a bound of bytes and time, and closes. */
export function closeInStages(socket: Socket): void {
  if (closing.has(socket)) return;
  closing.add(socket);
  socket.removeAllListeners('data');
  let bytesLeft: number = LIMITS.closing.bytes;
  socket.on('data', ({ length }: Buffer) => {
    bytesLeft -= length;
    if (bytesLeft < 0) socket.destroy();
  });
  const timer = setTimeout(() => socket.destroy(), LIMITS.closing.ms);
  socket.once('close', () => clearTimeout(timer));
  socket.end();
  socket.resume();
}

function exchangesOf(socket: Socket): Exchange[] {
  return unanswered.get(socket)?.filter(({ response }) => !response.writableFinished && !response.destroyed) ?? [];
}

function isSending(socket: Socket): boolean {
  return unanswered.get(socket)?.some(({ request }) => !request.complete) ?? false;
}
