import {
  BadRequestException,
  HttpException,
  MethodNotAllowedException,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { headerValues } from '#kernel';

/**
 * The rules for a request before anything reads it.
 * @throws {HttpException} 400, 405, 415, 417
 */
export function requireReadable(request: FastifyRequest, reply: FastifyReply): void {
  requireOneHost(request);
  requireOneContentType(request);
  requireKnownExpectation(request);
  requirePlainBody(request, reply);
  if (request.is404) requireMethodOfPath(request, reply);
}

/** The form of nearly every client's host, which needs no closer check. Addresses and encoded letters are checked closely. */
const PLAIN_HOST = /^(?!.*xn--)([a-z\d-]+\.)*[a-z][a-z\d-]*(:\d{1,4})?$/i;
const PLAIN_PATH = /^\/(?!\/)[\w/?&=.-]*$/;
/** Hosts that passed the close check, because clients that call by address send the same few hosts. */
const KEPT = { hosts: 100, length: 100 };
const checkedHosts = new LRUCache<string, true>({ max: KEPT.hosts });

/** Of several hosts Node takes the first, and a proxy before us perhaps the last. HTTP/1.0 has no host. */
function requireOneHost({ raw, protocol, host, url }: FastifyRequest): void {
  const hosts = headerValues(raw, 'host');
  const isOfOldKind = hosts.length === 0 && raw.httpVersion === '1.0';
  const name = isOfOldKind ? 'localhost' : host;
  const isPlain = PLAIN_PATH.test(url) && (PLAIN_HOST.test(name) || checkedHosts.get(name));
  if (hosts.length > 1 || !(isPlain || URL.canParse(url, `${protocol}://${name}/`)))
    throw new BadRequestException('The request must be sent to one host.');
  if (!isPlain && name.length <= KEPT.length) checkedHosts.set(name, true);
}

/** Node also takes the first of several values here. */
function requireOneContentType({ raw }: FastifyRequest): void {
  if (new Set(headerValues(raw, 'content-type')).size > 1)
    throw new BadRequestException('The request must have one Content-Type.');
}

function requireKnownExpectation({ headers: { expect } }: FastifyRequest): void {
  if (expect !== undefined && expect.toLowerCase() !== '100-continue')
    throw new HttpException('The only supported expectation is 100-continue.', 417);
}

/** Bodies are small, so none needs compression, and an unpacked body could be as large as its sender likes. */
function requirePlainBody({ headers }: FastifyRequest, reply: FastifyReply): void {
  const encoding = headers['content-encoding']?.trim().toLowerCase() || 'identity';
  if (encoding === 'identity') return;
  void reply.header('accept-encoding', 'identity');
  throw new UnsupportedMediaTypeException('Compressed bodies are not supported.');
}

/** A known path with a wrong method: 405, and `Allow` lists the right ones. */
function requireMethodOfPath({ server, url }: FastifyRequest, reply: FastifyReply): void {
  const path = url.split('?', 1)[0] ?? '';
  const methods = server.supportedMethods.filter((method) => server.hasRoute({ method, url: path }));
  if (methods.length === 0) return;
  void reply.header('allow', methods.join(', '));
  throw new MethodNotAllowedException('This path has no such method.');
}

/**
 * True if the connection must close after the answer. Where a client is still sending a body that nobody reads, the start of the
 * next request is unknown. In HTTP/1.0, implementations disagree on where a chunked message ends.
 */
export function mustClose({ raw }: FastifyRequest): boolean {
  return !raw.complete || (raw.httpVersion === '1.0' && raw.headers['transfer-encoding'] !== undefined);
}
