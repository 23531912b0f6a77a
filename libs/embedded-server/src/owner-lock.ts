import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedServerError, messageOf } from './embedded-server.error.js';

/** Enough time for a former owner to shut down, such as an application that a watcher restarts. */
const PATIENCE_MS = 2_000;
const SQLITE_BUSY = 5;
/** Not imported: a Node.js without SQLite would name this module where `kernel` says that Node.js is too old. */
const sqlite = process.getBuiltinModule('node:sqlite');
/** Real paths of the directories that this process owns. */
const owned = new Set<string>();

/** While the lock is held, no other process and no other call in this process starts or stops the directory's server. */
export interface OwnerLock {
  release(): void;
}

/**
 * Makes this process the owner of the directory.
 *
 * The lock is SQLite's lock on an empty database: the only one in Node that the kernel releases whenever the process
 * ends. A file with a process id proves nothing: another program may have got the id, and in a container every owner is
 * process 1.
 *
 * @throws {EmbeddedServerError} if another process holds the lock and keeps it
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

/** True while another process, or another call in this process, owns the directory. */
export function isOwned(directory: string): boolean {
  if (!existsSync(join(directory, 'owner.lock'))) return false;
  const lock = tryToLock(directory);
  lock?.release();
  return lock === undefined;
}

/**
 * As soon as a process closes a file once, the kernel drops all locks that the process has on it. So only SQLite, which
 * knows this rule, opens the lock file, and it never opens the file again while this process holds the lock.
 */
function tryToLock(directory: string): OwnerLock | undefined {
  const place = realpathSync(directory);
  if (owned.has(place)) return undefined;
  const file = join(place, 'owner.lock');
  let database: DatabaseSync | undefined;
  try {
    makeLockFile(file);
    database = new sqlite.DatabaseSync(file);
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

/** Made here and not by SQLite, which would let other users read the file. */
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
