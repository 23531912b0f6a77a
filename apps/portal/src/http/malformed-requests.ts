import { randomUUID } from 'node:crypto';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { closeInStages, hasBegunResponse, isClosing, responseUnderWay } from './connection-close.js';

/** Node's error codes that mean another status than 400. */
const STATUSES: Record<string, number> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
};

/**
 * Answers bytes that are no HTTP, or that came too slowly, and ends the connection: nobody knows where the next request begins. A
 * complete request that came earlier gets its answer first, since its result would be lost otherwise.
 */
export function malformedRequestHandler(logger: Logger): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return (error, socket) => {
    // Each further byte raises the same error again.
    if (isClosing(socket)) return;
    // The error contains the bytes themselves, with any credentials: only its code is logged.
    const cause = error.code ?? 'UNKNOWN';
    if (cause === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const response = responseUnderWay(socket);
    if (response) return closeAfter(response, socket);
    const reqId = randomUUID();
    const status = STATUSES[cause] ?? 400;
    logger.info({ reqId, status, cause }, 'malformed request');
    if (!hasBegunResponse(socket)) socket.write(answer(status, reqId));
    closeInStages(socket);
  };
}

function closeAfter(response: ServerResponse, socket: Socket): void {
  response.shouldKeepAlive = false;
  response.once('close', () => closeInStages(socket));
}

/**
 * Node hands a tunnel over with its connection: without this handler Node would end the connection without an answer, and its
 * errors would have no listener.
 */
export function refuseTunnels(fastify: FastifyInstance): void {
  fastify.server.on('connect', (_request, socket: Socket) => {
    // The client may reset the connection. Without a listener, the event would end this process.
    socket.on('error', () => undefined);
    socket.write(answer(405, randomUUID()));
    closeInStages(socket);
  });
}

/**
 * Node would answer an unknown expectation itself, without a body. Here it goes the way of every request, and is refused there.
 */
export function takeExpectations({ server }: FastifyInstance): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

/** Answers paths that the router cannot decode, such as `/%E0%A4%A`. Hooks and filters do not see them. */
export function unreadablePathHandler(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  void reply
    .code(400)
    .headers({ 'x-request-id': request.id, 'content-type': 'application/json; charset=utf-8' })
    .send(bodyOf(400));
}

function answer(status: number, requestId: string): string {
  const body = bodyOf(status);
  const headers = [
    `x-request-id: ${requestId}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${body.length}`,
    'cache-control: no-store',
    'connection: close',
  ];
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...headers, '', body].join('\r\n');
}

function bodyOf(status: number): string {
  return JSON.stringify({ errors: [{ message: `${STATUS_CODES[status]}.`, extensions: { code: 'BAD_REQUEST' } }] });
}
