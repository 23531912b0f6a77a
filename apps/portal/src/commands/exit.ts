import type { LogOutput } from '../http/log-output.js';

/** The last lines have so long to be written. */
const LAST_LINES_MS = 500;

/** Ends the process once its last lines are written, or soon after where its output takes none. */
export async function exitWithLog(code: number, output: LogOutput): Promise<void> {
  await output.flushed(LAST_LINES_MS);
  exitNow(code, output);
}

/** Node.js waits at its exit for writes that the system holds, for as long as it takes: only a signal ends the process then. */
export function exitNow(code: number, { isHeld }: LogOutput): void {
  if (isHeld) process.kill(process.pid, 'SIGKILL');
  process.exit(code);
}
