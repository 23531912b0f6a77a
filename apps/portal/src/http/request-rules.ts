import {
  BadRequestException,
  HttpException,
  MethodNotAllowedException,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { headerValues } from '#kernel';

/**
 * What a request must be before anything reads it.
 * @throws {HttpException} 400, 405, 415, 417
 */
export function requireReadable(request: FastifyRequest, reply: FastifyReply): void {
  requireOneHost(request);
  requireOneContentType(request);
  requireKnownExpectation(request);
  requirePlainBody(request, reply);
  if (request.is404) requireMethodOfPath(request, reply);
}

/** What nearly every client sends: no need to read it closely. Not an address, nor encoded letters: either may be wrong. */
const PLAIN_HOST = /^(?!.*xn--)([a-z\d-]+\.)*[a-z][a-z\d-]*(:\d{1,4})?$/i;
const PLAIN_PATH = /^\/(?!\/)[\w/?&=.-]*$/;

/** Node takes the first of several hosts, a proxy before us perhaps the last. HTTP/1.0 knows no host. */
function requireOneHost({ raw, protocol, host, url }: FastifyRequest): void {
  const hosts = headerValues(raw, 'host');
  const isOfOldKind = hosts.length === 0 && raw.httpVersion === '1.0';
  const name = isOfOldKind ? 'localhost' : host;
  const isPlain = PLAIN_HOST.test(name) && PLAIN_PATH.test(url);
  if (hosts.length > 1 || !(isPlain || URL.canParse(url, `${protocol}://${name}/`)))
    throw new BadRequestException('The request must be sent to one host.');
}

/** Node takes the first of several here, too. */
function requireOneContentType({ raw }: FastifyRequest): void {
  if (new Set(headerValues(raw, 'content-type')).size > 1)
    throw new BadRequestException('The request must have one Content-Type.');
}

function requireKnownExpectation({ headers: { expect } }: FastifyRequest): void {
  if (expect !== undefined && expect.toLowerCase() !== '100-continue')
    throw new HttpException('The only expectation that is met is 100-continue.', 417);
}

/** Bodies are small, and one that is unpacked is as large as its sender likes: none is compressed. */
function requirePlainBody({ headers }: FastifyRequest, reply: FastifyReply): void {
  const encoding = headers['content-encoding']?.trim().toLowerCase() || 'identity';
  if (encoding === 'identity') return;
  void reply.header('accept-encoding', 'identity');
  throw new UnsupportedMediaTypeException('Compressed bodies are not read.');
}

/** Of a path that there is, but not by this method, the methods are told. */
function requireMethodOfPath({ server, url }: FastifyRequest, reply: FastifyReply): void {
  const path = url.split('?', 1)[0] ?? '';
  const methods = server.supportedMethods.filter((method) => server.hasRoute({ method, url: path }));
  if (methods.length === 0) return;
  void reply.header('allow', methods.join(', '));
  throw new MethodNotAllowedException('This path has no such method.');
}

/**
 * Must the connection close after the answer? A client that is still sending a body which nobody reads would not find where
 * its next answer begins; and where a message of HTTP/1.0 in chunks ends is a matter of opinion.
 */
export function mustClose({ raw }: FastifyRequest): boolean {
  return !raw.complete || (raw.httpVersion === '1.0' && raw.headers['transfer-encoding'] !== undefined);
}
