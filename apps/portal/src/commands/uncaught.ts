import type { Logger } from 'pino';
import { EXIT } from './failure.js';

/**
 * An error that nobody caught leaves the process in a state that nobody knows: it is told once and ends the process, so
 * that a fresh one can take over. A rejection that nobody handles comes here too.
 */
export function endOnUncaught(logger: Logger): void {
  process.on('uncaughtException', (error: unknown, origin) => {
    logger.fatal({ err: error }, origin);
    process.exit(EXIT.failed);
  });
}
