import { CommanderError } from 'commander';
import { AccessNotDeclared } from '#access';
import { ConnectionNotDirect, databaseErrorClass, MigrationsBusy, RolesMissing, SchemaTooNew } from '#database';
import { AppError } from '#kernel';
import { BadEnvironment } from '../portal.config.js';
import { redactText } from '../redaction.js';

/** Exit codes: the command did it, it failed, it was called wrongly, it was stopped before it could end by itself. */
export const EXIT = { done: 0, failed: 1, usage: 2, ended: 128 + 15 } as const;

/** The database lacks migrations of this build. */
export class SchemaIncomplete extends Error {
  override readonly name = 'SchemaIncomplete';

  constructor(names: readonly string[]) {
    super(`The database lacks ${names.join(', ')}: run "npm run portal -- migrate" first.`);
  }
}

/** What `import --from` names cannot be read. */
export class SourceUnreadable extends Error {
  override readonly name = 'SourceUnreadable';

  constructor(cause: Error) {
    super(`--from cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

/** Failures whose message tells an operator all there is to know; of others the stack is needed too. */
const TOLD_BY_MESSAGE = [
  AppError,
  AccessNotDeclared,
  BadEnvironment,
  ConnectionNotDirect,
  MigrationsBusy,
  RolesMissing,
  SchemaIncomplete,
  SchemaTooNew,
  SourceUnreadable,
];

/** Tells of a failure on standard error. @returns the exit code that goes with it */
export function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof RolesMissing) {
    console.error(`${error.message} An administrator runs this once:\n`);
    for (const statement of error.statements) console.error(`  ${statement};`);
    return EXIT.failed;
  }
  console.error(redactText(describe(error)));
  return EXIT.failed;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE') return `Port ${port} on ${address} is taken: stop what listens there, or set PORT.`;
  if (code === 'EACCES' && port !== undefined)
    return `Port ${port} on ${address} may not be used: set PORT to another.`;
  const isToldByMessage = error.name === 'EmbeddedServerError' || TOLD_BY_MESSAGE.some((kind) => error instanceof kind);
  if (isToldByMessage) return error.message;
  if (databaseErrorClass(error) === 'OUTAGE') return `The database does not answer: ${reasonOf(error)}`;
  return error.stack ?? error.message;
}

/** A name with several addresses fails with an error for each, and no message of its own. */
function reasonOf(error: Error): string {
  return error instanceof AggregateError ? error.errors.map(String).join('; ') : error.message;
}
