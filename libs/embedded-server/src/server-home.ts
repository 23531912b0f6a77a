import { createHash } from 'node:crypto';
import { chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EmbeddedServerError } from './embedded-server.error.js';
import type { ProgramUser } from './run-program.js';
import { canEnter, chooseServerUser, isRoot } from './server-user.js';

/** Folder for what the server's user cannot reach elsewhere: it outlives restarts, and only root can write there. */
export const REACHABLE_FOLDER = '/var/lib/latchkey';

/** The folder of the data, and the user that the server runs as. */
export interface ServerHome {
  dataDirectory: string;
  user: ProgramUser;
}

/** Makes the directory if absent. @returns its path free of symbolic links */
export async function makeDirectory(directory: string): Promise<string> {
  // The server's user must be able to enter its own folder within; it sees nothing else.
  const mode = isRoot() ? 0o711 : 0o700;
  const isNew = (await mkdir(directory, { recursive: true, mode })) !== undefined;
  // The umask may have taken the permission away.
  if (isNew) await chmod(directory, mode);
  return realpath(directory);
}

/**
 * Finds the home of the cluster that belongs to this directory: the place where it was made, or can be made. An existing
 * cluster stays in its place, and its server runs as the user who owns it, even if another folder is reachable by now.
 */
export async function findHome(directory: string, announce: (line: string) => void): Promise<ServerHome> {
  const inside = join(directory, 'postgres');
  if (await isCluster(inside)) return existingHome(inside);
  if (!isRoot()) return { dataDirectory: inside, user: undefined };

  const outside = join(REACHABLE_FOLDER, createHash('sha256').update(directory).digest('hex').slice(0, 16), 'postgres');
  const tellOutside = () => announce(`PostgreSQL's own user may not enter ${directory}: the data are in ${outside}.`);
  if (await isCluster(outside)) {
    tellOutside();
    return existingHome(outside);
  }
  const user = await chooseServerUser(announce);
  if (await canEnter(directory, user)) return { dataDirectory: inside, user };
  tellOutside();
  await makeReachable(dirname(outside));
  return { dataDirectory: outside, user };
}

/** Makes a folder below `REACHABLE_FOLDER` that others can enter, despite the umask of this process. */
export async function makeReachable(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all([chmod(REACHABLE_FOLDER, 0o755), chmod(folder, 0o755)]);
}

async function existingHome(dataDirectory: string): Promise<ServerHome> {
  if (!isRoot()) return { dataDirectory, user: undefined };
  const { uid, gid } = await stat(dataDirectory);
  if (!(await canEnter(dataDirectory, { uid, gid }))) {
    throw new EmbeddedServerError(
      `The owner of ${dataDirectory}, user ${uid}, as whom PostgreSQL runs, may not enter it.`,
    );
  }
  return { dataDirectory, user: { uid, gid } };
}

async function isCluster(folder: string): Promise<boolean> {
  return stat(join(folder, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
}
