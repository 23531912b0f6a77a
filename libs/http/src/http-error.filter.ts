import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { AppError, extensionsOf } from '#kernel';
import { logFault } from './fault-log.js';
import { graphqlPathsAt } from './graphql-path.js';
import { type HttpReply, type HttpRequest, setHeaders } from './http-exchange.js';

const NOT_FOUND = 404;
const METHOD_NOT_ALLOWED = 405;

/** Statuses of errors that fail one field of a GraphQL answer, where they fail a whole request. Any other is 400. */
const STATUS_OF: Readonly<Partial<Record<string, number>>> = { NOT_FOUND, CONFLICT: 409 };
/** The code of an error that has only a status. Any other status below 500 is BAD_REQUEST. */
const CODE_OF: Readonly<Partial<Record<number, string>>> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  [NOT_FOUND]: 'NOT_FOUND',
  409: 'CONFLICT',
  429: 'RATE_LIMITED',
  503: 'SERVICE_UNAVAILABLE',
};

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/**
 * Answers requests that the HTTP layer refuses, and errors that plain handlers throw. A refusal by or for a plain handler is a
 * problem document (RFC 9457) with the members of `extensions` beside the standard ones, and so is every refusal by an application
 * without GraphQL. Any other refusal has the shape of a GraphQL answer.
 */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    // Apollo Server formats what resolvers throw.
    if (host.getType<string>() === 'graphql') throw error;
    const http = host.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    const answer = answerTo(error, request);
    // The usual message for an unknown path repeats the whole URL, with any secret in it.
    if (answer.status === NOT_FOUND && isUnknownPath(request, answer.status)) answer.message = 'Not Found';
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

/** Before a body is read, Express knows no route of any request. */
function isUnknownPath({ is404, route }: HttpRequest, status: number): boolean {
  return is404 ?? (route === undefined && status === NOT_FOUND);
}

/** A path that only lacks the method has a handler too. An application without GraphQL has nothing else. */
function isOfHandler(request: HttpRequest, status: number): boolean {
  const [path = ''] = request.originalUrl.split('?', 1);
  const paths = graphqlPathsAt(request);
  if (paths.length === 0) return true;
  return !paths.includes(path) && (!isUnknownPath(request, status) || status === METHOD_NOT_ALLOWED);
}

/** An application may name a type and a title of its own. The code and the reason come first: a log reads the beginning of the text. */
function problemOf({ status, message, extensions }: Answer): Record<string, unknown> {
  const usual = { type: 'about:blank', title: STATUS_CODES[status], detail: message };
  return { ...extensions, ...usual, ...extensions, status };
}

function answerTo(error: unknown, request: HttpRequest): Answer {
  if (error instanceof AppError)
    return {
      status: error.httpStatus ?? STATUS_OF[error.code] ?? 400,
      headers: error.headers(),
      message: error.message,
      extensions: extensionsOf(error),
    };
  const status = statusOf(error);
  const code = CODE_OF[status];
  if (status < 500) {
    const { message = STATUS_CODES[status] ?? 'Bad request', ...members } = contentOf(error);
    return { status, headers: {}, message, extensions: { code: code ?? 'BAD_REQUEST', ...members } };
  }
  logFault(request, 'request failed', error);
  const message = status === 500 ? 'Internal server error.' : (STATUS_CODES[status] ?? 'Server error');
  return { status, headers: {}, message, extensions: { code: code ?? 'INTERNAL_SERVER_ERROR', requestId: request.id } };
}

/** What clients may read of an error below 500: a sentence, and further members of a problem document. */
interface Content {
  message?: string;
  [member: string]: unknown;
}

/** Members of Nest's own answers, for which a problem document has its own. */
const NEST_MEMBERS = ['statusCode', 'error', 'message'];

function contentOf(error: unknown): Content {
  if (!(error instanceof HttpException)) return { message: (error as Error).message };
  const body: unknown = error.getResponse();
  if (typeof body !== 'object' || body === null) return { message: String(body) };
  // Nest sends nothing of an error that an application passes as the content.
  if (body instanceof Error) return {};
  const members = Object.entries(body).filter(([name]) => !NEST_MEMBERS.includes(name));
  const { message }: { message?: unknown } = body;
  const texts = [message].flat().filter((text) => typeof text === 'string');
  return {
    ...(texts.length > 0 && { message: texts.join('; ') }),
    ...(Array.isArray(message) && { messages: message }),
    ...Object.fromEntries(members),
  };
}

/** Nest's exceptions, Fastify's errors and those of Express's parsers have a status. Any other error is a bug, whatever it carries. */
function statusOf(error: unknown): number {
  const { statusCode, code, expose } = (error ?? {}) as Record<string, unknown>;
  const isOfAdapter = typeof expose === 'boolean' || (typeof code === 'string' && code.startsWith('FST_'));
  const status = error instanceof HttpException ? error.getStatus() : isOfAdapter ? statusCode : undefined;
  return typeof status === 'number' && status >= 400 ? status : 500;
}
