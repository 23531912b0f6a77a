import type { LoggerService } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { principalOf } from '#access';
import type { PortalConfig } from '../portal.config.js';
import { jsonRedactor } from '../redaction.js';

/**
 * JSON lines in production, pretty ones in development. Secrets are taken out of each line as it is written, whoever
 * logged it and wherever they stand in it.
 * @param destination default: standard output
 */
export function createLogger(
  { isProduction, logLevel, apiKeys }: Pick<PortalConfig, 'isProduction' | 'logLevel' | 'apiKeys'>,
  destination: DestinationStream = isProduction
    ? pino.destination(1)
    : pretty({ singleLine: true, sync: true, translateTime: 'SYS:HH:MM:ss.l' }),
): Logger {
  return pino({ level: logLevel, base: null, hooks: { streamWrite: jsonRedactor(apiKeys.prefix) } }, destination);
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
export function logRequests(fastify: FastifyInstance): void {
  fastify.addHook('onResponse', async (request, reply) => {
    const principal = principalOf(request);
    const path = request.url.split('?', 1)[0];
    request.log.info(
      {
        method: request.method,
        path,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        ...(principal?.kind === 'API_KEY' ? { apiKeyId: principal.apiKeyId } : {}),
        ...(principal ? { userId: principal.userId, tenantId: principal.tenantId } : {}),
      },
      'request',
    );
  });
}
