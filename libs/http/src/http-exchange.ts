import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** The part of a request's logger that the guard uses. */
interface RequestLog {
  /** Absent: the logger discards every line. */
  readonly level?: string;
  error(fields: object, message: string): void;
}

/**
 * The members of a request that the guard reads. A request of Fastify has these members, and `HttpAdapters` completes a request of
 * Express.
 */
export interface HttpRequest {
  readonly raw: IncomingMessage;
  readonly id: string;
  /** The client's address, as far as the proxies in between are trusted. */
  readonly ip: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly originalUrl: string;
  readonly log?: RequestLog;
  /** Fastify's way to say that no route has this method and path. */
  readonly is404?: boolean;
  /** The instance of Fastify that got the request. */
  readonly server?: object;
  /** The instance of Express that got the request. */
  readonly app?: object;
  /** Express's way: without a route until it has found one. */
  readonly route?: unknown;
}

/** The members that replies of Fastify and of Express have in common. */
export interface HttpReply {
  status(code: number): HttpReply;
  header(name: string, value: string): HttpReply;
  send(body: unknown): unknown;
}

export function setHeaders(reply: HttpReply, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) reply.header(name, value);
}
