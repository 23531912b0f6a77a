import type { LogOutput } from '../http/log-output.js';

/** How long the last log lines may take to be written. */
const LAST_LINES_MS = 500;

/** Ends the process once its last lines are written, or soon afterwards if its output accepts none. */
export async function exitWithLog(code: number, output: LogOutput): Promise<void> {
  await output.flushed(LAST_LINES_MS);
  exitNow(code, output);
}

/** At its exit Node.js waits for unfinished writes without a time limit. Only a signal ends the process then. */
export function exitNow(code: number, { isHeld }: LogOutput): void {
  if (isHeld) process.kill(process.pid, 'SIGKILL');
  process.exit(code);
}
