import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { EmbeddedServerError, messageOf } from './embedded-server.error.js';

const TIMEOUT_MS = 60_000;

/** Whom a program runs as; undefined: whoever runs this process. */
export type ProgramUser = { uid: number; gid: number } | undefined;

/**
 * Surroundings of every PostgreSQL program: our own `PG…` variables would change what it does, another
 * language its messages, which are read here, and our folder may be closed to its user.
 */
export const SURROUNDINGS = {
  cwd: '/',
  env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
};

/**
 * Runs a program to its end.
 *
 * @returns what it wrote to its standard output
 * @throws {EmbeddedServerError} with what it wrote to its standard error, unless it ended with status 0
 */
export async function runProgram(program: string, args: readonly string[], user?: ProgramUser): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, args, { ...SURROUNDINGS, ...user, timeout: TIMEOUT_MS });
    return stdout;
  } catch (error) {
    const stderr = (error as { stderr?: string }).stderr?.trim();
    throw new EmbeddedServerError(`${program} failed: ${stderr || messageOf(error)}`);
  }
}

/** @returns whether the program ended with status 0 */
export async function succeeds(program: string, args: readonly string[], user?: ProgramUser): Promise<boolean> {
  return runProgram(program, args, user).then(
    () => true,
    () => false,
  );
}
