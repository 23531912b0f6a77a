import type { PortalLog } from '../http/logging.js';
import { exitWithLog } from './exit.js';
import { EXIT } from './failure.js';

/**
 * An uncaught error leaves the process in an unknown state. It is logged once and ends the process, so that a fresh process can
 * take over. Unhandled rejections are treated the same way.
 */
export function endOnUncaught({ logger, output }: PortalLog): void {
  process.once('uncaughtException', (error: unknown, origin) => {
    // A further error changes nothing.
    process.on('uncaughtException', () => undefined);
    logger.fatal({ err: error }, origin);
    void exitWithLog(EXIT.failed, output);
  });
}
