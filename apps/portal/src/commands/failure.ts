import { CommanderError } from 'commander';
import { AccessNotDeclared } from '#access';
import { RolesMissing, SchemaTooNew } from '#database';
import { AppError } from '#kernel';
import { BadEnvironment } from '../portal.config.js';

/** Exit codes: the command did it, it failed, it was called wrongly. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** Failures whose message tells an operator all there is to know; of others the stack is needed too. */
const TOLD_BY_MESSAGE = [AppError, AccessNotDeclared, BadEnvironment, RolesMissing, SchemaTooNew];

/** Tells of a failure on standard error. @returns the exit code that goes with it */
export function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof RolesMissing) {
    console.error(`${error.message} An administrator runs this once:\n`);
    for (const statement of error.statements) console.error(`  ${statement};`);
    return EXIT.failed;
  }
  console.error(describe(error));
  return EXIT.failed;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE') return `Port ${port} on ${address} is taken: stop what listens there, or set PORT.`;
  if (code === 'EACCES' && port !== undefined)
    return `Port ${port} on ${address} may not be used: set PORT to another.`;
  if (code === 'ECONNREFUSED') return `The database does not answer: ${error.message}`;
  const isToldByMessage = error.name === 'EmbeddedServerError' || TOLD_BY_MESSAGE.some((kind) => error instanceof kind);
  return isToldByMessage ? error.message : (error.stack ?? error.message);
}
