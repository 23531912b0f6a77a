import { randomUUID } from 'node:crypto';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { closeInStages, hasBegunResponse, isClosing, responseUnderWay } from './connection-close.js';

/** Node's codes that stand for another status than 400. */
const STATUSES: Record<string, number> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
};

/**
 * Answers what is no HTTP, or came too slowly, and ends the connection: where the next request begins is not known. A whole
 * request that came before gets its answer first: what it did would be lost with the answer.
 */
export function malformedRequestHandler(logger: Logger): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return (error, socket) => {
    // Each further byte is an error anew.
    if (isClosing(socket)) return;
    // The error carries the bytes themselves, credentials included: its code alone is logged.
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

/** Node hands tunnels over with their connection: it would end it without a word, and no longer hears its errors. */
export function refuseTunnels(fastify: FastifyInstance): void {
  fastify.server.on('connect', (_request, socket: Socket) => {
    // A client that resets it; unheard, that would end this process.
    socket.on('error', () => undefined);
    socket.write(answer(405, randomUUID()));
    closeInStages(socket);
  });
}

/** Node would answer an unknown expectation itself, without a word: it goes the way of every request, and is refused there. */
export function takeExpectations({ server }: FastifyInstance): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

/** Answers what the router cannot read: `/%E0%A4%A`. Hooks and filters do not hear of it. */
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
