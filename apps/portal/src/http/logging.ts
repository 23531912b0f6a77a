import { isatty } from 'node:tty';
import type { LoggerService } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type DestinationStream, type Logger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { principalOf } from '#access';
import { LIMITS } from '#kernel';
import type { PortalConfig } from '../portal.config.js';
import { jsonRedactor, redactText } from '../redaction.js';
import { shownJson, shownLines } from '../shown-text.js';
import { LogOutput } from './log-output.js';

/**
 * Writes JSON lines. From each line as it is written, whatever code logged it, secrets are removed, and characters that a terminal
 * obeys are escaped.
 */
export function createLogger(
  { logLevel, apiKeys }: Pick<PortalConfig, 'logLevel' | 'apiKeys'>,
  destination: DestinationStream,
): Logger {
  const redacted = jsonRedactor(apiKeys.prefix);
  const streamWrite = (line: string) => shownJson(redacted(line));
  return pino({ level: logLevel, base: null, hooks: { streamWrite } }, destination);
}

/** The log of a process: JSON lines in production, readable lines in development. */
export interface PortalLog {
  readonly logger: Logger;
  readonly output: LogOutput;
}

export function standardLog(config: PortalConfig, output = LogOutput.standard()): PortalLog {
  const logger = createLogger(config, config.isProduction ? output : prettified(output));
  output.onResumed = (dropped) => logger.warn({ dropped }, 'log lines were dropped: the output accepted none');
  return { logger, output };
}

function prettified(output: DestinationStream): DestinationStream {
  const prettify = prettyFactory({
    singleLine: true,
    colorize: isatty(process.stdout.fd),
    translateTime: 'SYS:HH:MM:ss.l',
  });
  return { write: (line) => output.write(shownLines(prettify(line))) };
}

/** The logger for Fastify, without a line for each address that it listens on: `serve` logs the addresses in one line. */
export function fastifyLogger(logger: Logger): Logger {
  const own = logger.child({});
  const info = own.info as (this: Logger, ...line: unknown[]) => void;
  // The loggers of requests inherit this method, so that each must be logged by itself, with its own id.
  own.info = function (this: Logger, ...line: unknown[]) {
    if (!String(line[0]).startsWith('Server listening at ')) info.apply(this, line);
  };
  return own;
}

type Level = 'debug' | 'info' | 'warn' | 'error';

/** The parts of Nest that report each step of a start. */
const STEPS_OF_START = /^(Nest|InstanceLoader|Route|GraphQLModule|Middleware)/;

/** Sends the messages of Nest's loggers to the same log. What our own code logs is `info`, such as the end of an outage. */
export function nestLogger(logger: Logger): LoggerService {
  const at =
    (levelOf: (context: unknown) => Level) =>
    (message: unknown, ...rest: unknown[]) => {
      const context = rest.at(-1);
      const detail = message instanceof Error ? { err: message } : {};
      logger[levelOf(context)]({ ...detail, context }, String(message));
    };
  return {
    verbose: at(() => 'debug'),
    debug: at(() => 'debug'),
    log: at((context) => (STEPS_OF_START.test(String(context)) ? 'debug' : 'info')),
    warn: at(() => 'warn'),
    error: at(() => 'error'),
  };
}

/** Routes that machines call all day: their log lines are useful only for a failure. */
const WATCHED = new Set<string | undefined>(['/health/live', '/health/ready', '/metrics']);
/** The errors come first in an answer; quotes within their texts are escaped. */
const CODE = /"extensions":\{(?:[^{}]*?,)?"code":"(\w+)"/;
const REASON = /"extensions":\{[^{}]*?"reason":"(\w+)"/;
/** A problem document has the same members at its top, and begins with its code. */
const PROBLEM = /^\{"code":"(\w+)"(?:,"reason":"(\w+)")?/;
const READ_LENGTH = 4_096;
const PROBLEM_TYPE = 'application/problem+json';

interface Refusal {
  code: string | undefined;
  reason: string | undefined;
}

/**
 * Logs one line for each request, under its id: the operation, the caller, the outcome and its reason. No query string, header or
 * body. Call this after every hook that changes an answer.
 */
export function logRequests(fastify: FastifyInstance, { apiKeys }: Pick<PortalConfig, 'apiKeys'>): void {
  const shownPath = pathShortener(apiKeys.prefix);
  const refusals = new WeakMap<FastifyRequest, Refusal>();
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const isProblem = reply.statusCode >= 400 && String(reply.getHeader('content-type')).startsWith(PROBLEM_TYPE);
    const refusal = isProblem ? problemIn(payload) : refusalIn(payload);
    if (refusal) refusals.set(request, refusal);
    done();
  });
  fastify.addHook('onResponse', async (request, reply) => {
    const principal = principalOf(request);
    request.log[levelOf(request.routeOptions.url, reply.statusCode)](
      {
        method: request.method,
        path: shownPath(request.url.split('?', 1)[0] ?? ''),
        status: reply.statusCode,
        ...refusals.get(request),
        ms: Math.round(reply.elapsedTime * 10) / 10,
        ...(principal?.kind === 'API_KEY' ? { apiKeyId: principal.apiKeyId } : {}),
        ...(principal ? { userId: principal.userId, tenantId: principal.tenantId } : {}),
      },
      'request',
    );
  });
}

/** Code and reason of the first error in an answer. */
function refusalIn(payload: unknown): Refusal | undefined {
  if (typeof payload !== 'string' || !payload.startsWith('{"errors":[')) return undefined;
  const start = payload.slice(0, READ_LENGTH);
  return { code: CODE.exec(start)?.[1], reason: REASON.exec(start)?.[1] };
}

function problemIn(payload: unknown): Refusal | undefined {
  const [, code, reason] = PROBLEM.exec(typeof payload === 'string' ? payload.slice(0, READ_LENGTH) : '') ?? [];
  return code === undefined ? undefined : { code, reason };
}

function levelOf(route: string | undefined, status: number): Level {
  if (status === 503) return 'warn';
  if (status >= 500) return 'error';
  return status < 400 && WATCHED.has(route) ? 'debug' : 'info';
}

/** Secrets are removed before the text is cut: half a secret would not be recognised. */
function pathShortener(prefix: string): (path: string) => string {
  return (path) => (path.length <= LIMITS.log.path ? path : `${redactText(path, prefix).slice(0, LIMITS.log.path)}…`);
}
