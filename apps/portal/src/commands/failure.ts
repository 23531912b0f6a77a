import { CommanderError } from 'commander';
import { BadEnvironment, IssuerElsewhere, SchemaIncomplete, SourceUnreadable } from '../portal.errors.js';
import { redactText } from '../redaction.js';

/** Exit codes: the command succeeded, it failed, it was called wrongly, it was stopped by a signal. */
export const EXIT = { done: 0, failed: 1, usage: 2, ended: 128 + 15 } as const;

/** Failures whose message is enough for an operator. Other failures are printed with their stack. */
const TOLD_BY_MESSAGE = [BadEnvironment, IssuerElsewhere, SchemaIncomplete, SourceUnreadable];

/** Prints a failure on standard error. @returns the matching exit code */
export async function reportFailure(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  console.error(redactText(error instanceof Error ? await describe(error) : String(error)));
  return EXIT.failed;
}

async function describe(error: Error): Promise<string> {
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE') return `Port ${port} on ${address} is taken: stop what listens there, or set PORT.`;
  if (code === 'EACCES' && port !== undefined)
    return `Port ${port} on ${address} may not be used: set PORT to another.`;
  if (TOLD_BY_MESSAGE.some((kind) => error instanceof kind)) return error.message;
  // Loaded here: reporting wrong usage and bad settings does not need the rooms.
  const { describeRoomFailure } = await import('./room-failure.js');
  return describeRoomFailure(error) ?? error.stack ?? error.message;
}
