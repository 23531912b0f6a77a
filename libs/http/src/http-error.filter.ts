import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { AppError, extensionsOf } from '#kernel';
import { logFault } from './fault-log.js';
import { GRAPHQL_PATH } from './graphql-path.js';
import { type HttpReply, type HttpRequest, setHeaders } from './http-exchange.js';

const NOT_FOUND = 404;
const METHOD_NOT_ALLOWED = 405;

/** Statuses of errors that fail one field of a GraphQL answer, where they fail a whole request. Any other is 400. */
const STATUS_OF: Readonly<Partial<Record<string, number>>> = { NOT_FOUND, CONFLICT: 409 };

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/**
 * Answers requests that the HTTP layer refuses, and errors that plain handlers throw. A refusal by or for a plain handler is a
 * problem document (RFC 9457) with the members of `extensions` beside the standard ones. Any other refusal has the shape of a
 * GraphQL answer.
 */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    // Apollo Server formats what resolvers throw.
    if (host.getType<string>() === 'graphql') throw error;
    const http = host.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    const answer = answerTo(error, request);
    const reply = http.getResponse<HttpReply>().status(answer.status);
    setHeaders(reply, answer.headers);
    const { message, extensions } = answer;
    if (isOfHandler(request, answer.status))
      reply.header('content-type', PROBLEM_TYPE).send(JSON.stringify(problemOf(answer)));
    else reply.send({ errors: [{ message, extensions }] });
  }
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  message: string;
  extensions: Record<string, unknown>;
}

/** A path that only lacks the method has a handler too. Before a body is read, Express knows no route of any request. */
function isOfHandler({ originalUrl, is404, route }: HttpRequest, status: number): boolean {
  if (originalUrl.split('?', 1)[0] === GRAPHQL_PATH) return false;
  const isUnknownPath = is404 ?? (route === undefined && status === NOT_FOUND);
  return !isUnknownPath || status === METHOD_NOT_ALLOWED;
}

function problemOf({ status, message, extensions }: Answer): Record<string, unknown> {
  return { ...extensions, type: 'about:blank', title: STATUS_CODES[status], status, detail: message };
}

function answerTo(error: unknown, request: HttpRequest): Answer {
  if (error instanceof AppError)
    return {
      status: error.httpStatus ?? STATUS_OF[error.code] ?? 400,
      headers: error.headers(),
      message: error.message,
      extensions: extensionsOf(error),
    };
  const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
  if (status >= 400 && status < 500)
    return {
      status,
      headers: {},
      // The usual message for an unknown path repeats the whole URL, with any secret in it.
      message: error instanceof Error && status !== NOT_FOUND ? error.message : (STATUS_CODES[status] ?? 'Bad request'),
      extensions: { code: status === NOT_FOUND ? 'NOT_FOUND' : 'BAD_REQUEST' },
    };
  logFault(request, 'request failed', error);
  const extensions = { code: 'INTERNAL_SERVER_ERROR', requestId: request.id };
  return { status: 500, headers: {}, message: 'Internal server error.', extensions };
}

/** Errors of Fastify and of Express's parsers carry their status. */
function statusOf(error: unknown): number {
  const status: unknown = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : 500;
}
