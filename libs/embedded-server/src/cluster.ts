import { chown, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EmbeddedServerError, messageOf } from './embedded-server.error.js';
import { runProgram } from './run-program.js';
import type { ServerHome } from './server-home.js';
import type { ServerPrograms } from './server-programs.js';

/** Name of the superuser of every cluster. */
export const SUPERUSER = 'postgres';

/** A locale that is built into PostgreSQL: the order of texts does not depend on the machine's C library. */
const LOCALE_FLAGS = [
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  // The categories that PostgreSQL still takes from the C library. The C library of macOS may lack C.UTF-8.
  `--locale=${process.platform === 'linux' ? 'C.UTF-8' : 'C'}`,
];

/**
 * True if the directory holds a cluster that these programs can serve.
 *
 * @throws {EmbeddedServerError} for a cluster of another major version
 */
export async function hasCluster(dataDirectory: string, { major }: ServerPrograms): Promise<boolean> {
  const found = await majorVersionOf(dataDirectory);
  if (found === undefined || found === major) return found === major;
  throw new EmbeddedServerError(
    `${dataDirectory} was made by PostgreSQL ${found} and cannot be served by PostgreSQL ${major}, which is installed: ` +
      'dump and restore it, or choose another directory.',
  );
}

/** Makes the cluster. Fails if another file is in its place, and removes nothing. */
export async function makeCluster(
  { dataDirectory, user }: ServerHome,
  { initdb }: ServerPrograms,
  superuserPassword: string,
  isDisposable: boolean,
): Promise<void> {
  const parent = dirname(dataDirectory);
  const prefix = `${basename(dataDirectory)}.unfinished-`;
  await removeStartingWith(parent, prefix);
  const workplace = await mkdtemp(join(parent, prefix));
  try {
    const passwordFile = join(workplace, 'password');
    const unfinished = join(workplace, 'data');
    await writeFile(passwordFile, superuserPassword, { mode: 0o600 });
    if (user) await Promise.all([workplace, passwordFile].map((path) => chown(path, user.uid, user.gid)));
    const flags = [`--username=${SUPERUSER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', ...LOCALE_FLAGS];
    await runProgram(initdb, ['-D', unfinished, ...flags, ...(isDisposable ? ['--no-sync'] : [])], user);
    // Only a complete cluster gets the final name.
    await rename(unfinished, dataDirectory).catch((error: unknown) => {
      throw new EmbeddedServerError(`Cannot put a PostgreSQL cluster in ${dataDirectory}: ${messageOf(error)}`);
    });
  } finally {
    await rm(workplace, { recursive: true, force: true });
  }
}

async function majorVersionOf(dataDirectory: string): Promise<string | undefined> {
  try {
    return (await readFile(join(dataDirectory, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function removeStartingWith(parent: string, prefix: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(prefix));
  await Promise.all(names.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}
