import { isatty } from 'node:tty';
import type { LoggerService } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { type DestinationStream, type Logger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { principalOf } from '#access';
import { LIMITS } from '#kernel';
import type { PortalConfig } from '../portal.config.js';
import { jsonRedactor, redactText } from '../redaction.js';
import { LogOutput } from './log-output.js';

/**
 * Lines of JSON. Secrets are taken out of each line as it is written, whoever logged it and wherever they stand in it.
 */
export function createLogger(
  { logLevel, apiKeys }: Pick<PortalConfig, 'logLevel' | 'apiKeys'>,
  destination: DestinationStream,
): Logger {
  return pino({ level: logLevel, base: null, hooks: { streamWrite: jsonRedactor(apiKeys.prefix) } }, destination);
}

/** The log of a process: JSON lines in production, readable ones in development. */
export interface PortalLog {
  readonly logger: Logger;
  readonly output: LogOutput;
}

export function standardLog(config: PortalConfig, output = LogOutput.standard()): PortalLog {
  const logger = createLogger(config, config.isProduction ? output : prettified(output));
  output.onResumed = (dropped) => logger.warn({ dropped }, 'lines of the log were dropped: its output took none');
  return { logger, output };
}

function prettified(output: DestinationStream): DestinationStream {
  const prettify = prettyFactory({
    singleLine: true,
    colorize: isatty(process.stdout.fd),
    translateTime: 'SYS:HH:MM:ss.l',
  });
  return { write: (line) => output.write(prettify(line)) };
}

/** What Nest itself has to say, in the same log. */
export function nestLogger(logger: Logger): LoggerService {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: unknown, ...rest: unknown[]) => {
      const detail = message instanceof Error ? { err: message } : {};
      logger[level]({ ...detail, context: rest.at(-1) }, String(message));
    };
  return { verbose: at('debug'), debug: at('debug'), log: at('debug'), warn: at('warn'), error: at('error') };
}

/** One line for each request, under its id: what was asked, by whom, the outcome. No query string, header or body. */
export function logRequests(fastify: FastifyInstance, { apiKeys }: Pick<PortalConfig, 'apiKeys'>): void {
  const shownPath = pathShortener(apiKeys.prefix);
  fastify.addHook('onResponse', async (request, reply) => {
    const principal = principalOf(request);
    request.log.info(
      {
        method: request.method,
        path: shownPath(request.url.split('?', 1)[0] ?? ''),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        ...(principal?.kind === 'API_KEY' ? { apiKeyId: principal.apiKeyId } : {}),
        ...(principal ? { userId: principal.userId, tenantId: principal.tenantId } : {}),
      },
      'request',
    );
  });
}

/** Secrets go before the end does: half of one would not be recognised. */
function pathShortener(prefix: string): (path: string) => string {
  return (path) => (path.length <= LIMITS.log.path ? path : `${redactText(path, prefix).slice(0, LIMITS.log.path)}…`);
}
