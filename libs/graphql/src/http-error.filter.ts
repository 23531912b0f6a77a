import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { GqlContextType } from '@nestjs/graphql';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, extensionsOf } from '#kernel';

const NOT_FOUND = 404;

/** What the HTTP layer refuses, and what plain handlers throw, in the shape of a GraphQL answer. */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    // Apollo Server formats what resolvers throw.
    if (host.getType<GqlContextType>() === 'graphql') throw error;
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const { status, headers, message, extensions } = answerTo(error, request);
    void http
      .getResponse<FastifyReply>()
      .status(status)
      .headers(headers)
      .send({ errors: [{ message, extensions }] });
  }
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  message: string;
  extensions: Record<string, unknown>;
}

function answerTo(error: unknown, request: FastifyRequest): Answer {
  if (error instanceof AppError)
    return {
      status: error.httpStatus ?? 400,
      headers: error.headers(),
      message: error.message,
      extensions: extensionsOf(error),
    };
  const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
  if (status >= 400 && status < 500)
    return {
      status,
      headers: {},
      // Of a path that there is not, the usual message repeats the whole URL, and a secret that stands in it.
      message: error instanceof Error && status !== NOT_FOUND ? error.message : (STATUS_CODES[status] ?? 'Bad request'),
      extensions: { code: status === NOT_FOUND ? 'NOT_FOUND' : 'BAD_REQUEST' },
    };
  request.log.error({ err: error }, 'request failed');
  const extensions = { code: 'INTERNAL_SERVER_ERROR', requestId: request.id };
  return { status: 500, headers: {}, message: 'Internal server error.', extensions };
}

/** Fastify's own errors carry the status they stand for. */
function statusOf(error: unknown): number {
  const status: unknown = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : 500;
}
