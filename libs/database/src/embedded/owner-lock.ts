import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedServerError, messageOf } from './embedded-server.error.js';

/** Long enough for a former owner that is shutting down, as when a watcher restarts the app. */
const PATIENCE_MS = 2_000;
const SQLITE_BUSY = 5;

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
    const lock = tryToLock(join(directory, 'owner.lock'));
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
  const lock = tryToLock(join(directory, 'owner.lock'));
  lock?.release();
  return lock === undefined;
}

function tryToLock(file: string): OwnerLock | undefined {
  let database: DatabaseSync | undefined;
  try {
    writeFileSync(file, '', { flag: 'a', mode: 0o600 });
    database = new DatabaseSync(file);
    database.exec('begin exclusive');
  } catch (error) {
    database?.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined;
    throw new EmbeddedServerError(`Cannot lock ${file}: ${messageOf(error)}`);
  }
  const held = database;
  return {
    release: () => {
      if (held.isOpen) held.close();
    },
  };
}

function readOwner(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '(unknown)';
  }
}
