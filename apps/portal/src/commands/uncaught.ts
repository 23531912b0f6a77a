import type { PortalLog } from '../http/logging.js';
import { exitWithLog } from './exit.js';
import { EXIT } from './failure.js';

/**
 * An error that nobody caught leaves the process in a state that nobody knows: it is logged once and ends the process, so
 * that a fresh one can take over. A rejection that nobody handles comes here too.
 */
export function endOnUncaught({ logger, output }: PortalLog): void {
  process.once('uncaughtException', (error: unknown, origin) => {
    // One more changes nothing.
    process.on('uncaughtException', () => undefined);
    logger.fatal({ err: error }, origin);
    void exitWithLog(EXIT.failed, output);
  });
}
