import { CommanderError } from 'commander';
import { reasonOf } from '../reason-of.js';
import { redactText } from '../redaction.js';
import { shownLines } from '../shown-text.js';

/** Exit codes: the command succeeded, it failed, it was called wrongly, it was stopped by a signal. */
export const EXIT = { done: 0, failed: 1, usage: 2, ended: 128 + 15 } as const;

/** Prints a failure on standard error. @returns the matching exit code */
export async function reportFailure(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  console.error(shownLines(redactText(error instanceof Error ? await describe(error) : String(error))));
  return EXIT.failed;
}

async function describe(error: Error): Promise<string> {
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE') return `Port ${port} on ${address} is taken: stop what listens there, or set PORT.`;
  if (code === 'EACCES' && port !== undefined)
    return `Port ${port} on ${address} may not be used: set PORT to another.`;
  // Loaded here: reporting wrong usage does not need the rooms.
  const { OperatorError, ServiceUnavailable } = await import('#kernel');
  // Clients do not see the cause, but an operator does.
  if (error instanceof ServiceUnavailable && error.cause instanceof Error) return outage(rootOf(error.cause));
  if (error instanceof OperatorError) return error.message;
  const { databaseErrorClass } = await import('#database');
  return databaseErrorClass(error) === 'OUTAGE' ? outage(error) : (error.stack ?? error.message);
}

const outage = (error: Error): string => `The database does not answer: ${reasonOf(error)}`;

/** The driver's message, without the whole statements that the ORM adds. */
const rootOf = (error: Error): Error => (error.cause instanceof Error ? rootOf(error.cause) : error);
