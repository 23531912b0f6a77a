import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { EmbeddedServerError, messageOf } from './embedded-server.error.js';

const TIMEOUT_MS = 60_000;

/** The user that a program runs as; undefined: the user of this process. */
export type ProgramUser = { uid: number; gid: number } | undefined;

/**
 * Environment and folder of every PostgreSQL program. Inherited `PG…` variables would change what the program does,
 * another language would change the messages that are read here, and its user may not enter our current folder.
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
