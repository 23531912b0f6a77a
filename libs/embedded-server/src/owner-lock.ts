import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedServerError, messageOf } from './embedded-server.error.js';

/** Long enough for a former owner that is shutting down, as when a watcher restarts the app. */
const PATIENCE_MS = 2_000;
const SQLITE_BUSY = 5;
/** The directories that this process owns, by their real paths. */
const owned = new Set<string>();

/** While it is held, no other process, and no other call in this one, starts or stops the directory's server. */
export interface OwnerLock {
  release(): void;
}

/**
 * Makes this process the owner of the directory.
 *
 * The lock is SQLite's on an empty database, because Node offers no other that the kernel lets go of when
 * the process ends, however it ends. A file with a process id would have to be judged: the id may meanwhile
 * be another program's, and in a container every owner is process 1.
 *
 * @throws {EmbeddedServerError} when another process has it and keeps it
 */
export async function claimDirectory(directory: string): Promise<OwnerLock> {
  const ownerFile = join(directory, 'owner.pid');
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const lock = tryToLock(directory);
    if (lock) {
      writeFileSync(ownerFile, `${process.pid}\n`);
      return lock;
    }
    if (Date.now() > deadline) {
      throw new EmbeddedServerError(`${directory} is already served by process ${readOwner(ownerFile)}.`);
    }
    await sleep(50);
  }
}

/** Does another process, or another call in this one, own the directory right now? */
export function isOwned(directory: string): boolean {
  if (!existsSync(join(directory, 'owner.lock'))) return false;
  const lock = tryToLock(directory);
  lock?.release();
  return lock === undefined;
}

/**
 * The kernel drops all locks that a process has on a file as soon as it closes the file once, whoever in it opened it. So
 * nothing here opens a file that may be there, but SQLite, which knows of this; and not even that while it is ours.
 */
function tryToLock(directory: string): OwnerLock | undefined {
  const place = realpathSync(directory);
  if (owned.has(place)) return undefined;
  const file = join(place, 'owner.lock');
  let database: DatabaseSync | undefined;
  try {
    makeLockFile(file);
    database = new DatabaseSync(file);
    database.exec('begin exclusive');
  } catch (error) {
    database?.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined;
    throw new EmbeddedServerError(`Cannot lock ${file}: ${messageOf(error)}`);
  }
  const held = database;
  owned.add(place);
  return {
    release: () => {
      if (!held.isOpen) return;
      held.close();
      owned.delete(place);
    },
  };
}

/** Here and not by SQLite, which would let others read it. */
function makeLockFile(file: string): void {
  if (existsSync(file)) return;
  try {
    writeFileSync(file, '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function readOwner(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '(unknown)';
  }
}
