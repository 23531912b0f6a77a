import { Logger } from '@nestjs/common';
import type { HttpRequest } from './http-exchange.js';

const logger = new Logger('Latchkey');

/** Logs a fault under the id of its request: by the logger of the HTTP adapter, or by Nest's logger if the adapter has none. */
export function logFault({ id, log }: HttpRequest, message: string, error: unknown, details: object = {}): void {
  if (log?.level !== undefined) return log.error({ err: error, ...details }, message);
  const stack = error instanceof Error ? error.stack : String(error);
  logger.error(`${message} ${JSON.stringify({ reqId: id, ...details })}`, stack);
}
