import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bootstrap, PORTAL } from './bootstrap.js';
import { hasCluster, makeCluster, SUPERUSER } from './cluster.js';
import { EmbeddedServerError, messageOf } from './embedded-server.error.js';
import { KeptServer } from './kept-server.js';
import { claimDirectory, isOwned } from './owner-lock.js';
import type { OwnerLock } from './owner-lock.js';
import { startPostmaster } from './postmaster.js';
import { removeOrphan } from './postmaster-file.js';
import { makePassword, readPassword } from './passwords.js';
import { findHome, makeDirectory } from './server-home.js';
import { findPrograms } from './server-programs.js';

const URL_FILE = 'portal.url';
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  log_checkpoints: 'off',
  // The detail of a failure shows whole rows, with the hashes of keys.
  log_error_verbosity: 'terse',
};
/** `synchronous_commit` stays on: it costs little without fsync, and a killed server loses no commit that it acknowledged. */
const DISPOSABLE_SETTINGS = { fsync: 'off', full_page_writes: 'off' };

export interface EmbeddedServerOptions {
  /** Folder for the server's data and its secrets, made if absent, e.g. `<cwd>/.data`. */
  directory: string;
  /** Statements that the server's superuser runs at each start in the database `portal`, such as those that make roles for `login`. Idempotent. */
  administratorSql: (login: string) => readonly string[];
  /** Prints one line for people, such as the folder of the data. */
  announce: (line: string) => void;
  /** For tests: faster, but a crash of the machine may lose data. Default: false. */
  disposable?: boolean;
  /** Further settings of PostgreSQL, e.g. `{ max_connections: '200' }`. */
  settings?: Record<string, string>;
  /** False: a server that ends stays ended, and the directory is free again. Default: true. */
  startsAgain?: boolean;
}

export interface EmbeddedServer {
  /** The database `portal` for the login `portal`, which owns it and has no further rights: no CREATEROLE, no BYPASSRLS. */
  url: string;
  /** The same database for the superuser: for tests and for the administrator's SQL. */
  superuserUrl: string;
  /** The port of the last start, unless another program has it now: clients of a restarted server keep their URL. */
  port: number;
  /** Process id of the postmaster: another one after the server was started again. */
  readonly pid: number;
  /** Lies in `directory`, or elsewhere if the server's user cannot enter that folder. */
  dataDirectory: string;
  /** Fast shutdown. @returns when the process has gone */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL server on the directory, and makes its cluster the first time.
 *
 * The directory has one owner at a time. A server left behind by a killed owner is stopped first. A server that is killed, or
 * ends by itself, is started again on the same port. The server ends with this process, unless the process is killed.
 *
 * @throws {EmbeddedServerError} or a system error, with one message that names the cause
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const directory = await makeDirectory(options.directory);
  const lock = await claimDirectory(directory);
  try {
    return await startOwned(directory, lock, options);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * The URL of the server that another process has started on the directory; undefined if none runs. A command uses this
 * URL to work on the same database as that process.
 */
export async function runningServerUrl(directory: string): Promise<string | undefined> {
  if (!isOwned(directory)) return undefined;
  const url = await readFile(join(directory, URL_FILE), 'utf8').catch(() => '');
  return url.trim() || undefined;
}

async function startOwned(directory: string, lock: OwnerLock, options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const { announce, administratorSql, disposable = false, settings, startsAgain = true } = options;
  const home = await findHome(directory, announce);
  const programs = await findPrograms(home.user, announce);
  const isMade = await hasCluster(home.dataDirectory, programs);
  const superuserFile = join(directory, 'superuser.password');
  const superuserPassword = isMade
    ? await readPassword(superuserFile, home.dataDirectory)
    : await makePassword(superuserFile);
  const portalPassword = await makePassword(join(directory, 'portal.password'));
  if (!isMade) await makeCluster(home, programs, superuserPassword, disposable);

  const logFile = join(directory, 'postgres.log');
  const start = async (port?: number) => {
    await removeOrphan(home.dataDirectory, announce);
    const allSettings = { ...SETTINGS, ...(disposable ? DISPOSABLE_SETTINGS : {}), ...settings };
    return startPostmaster({ ...home, postgres: programs.postgres, logFile, settings: allSettings, port });
  };
  const postmaster = await start();
  const urlOf = (user: string, password: string, database: string) =>
    `postgresql://${user}:${password}@127.0.0.1:${postmaster.port}/${database}`;
  const superuserUrl = (database: string) => urlOf(SUPERUSER, superuserPassword, database);
  try {
    await bootstrap({ superuserUrl, portalPassword, administratorSql });
  } catch (error) {
    await postmaster.stop();
    if (error instanceof EmbeddedServerError) throw error;
    throw new EmbeddedServerError(
      `PostgreSQL started but could not be prepared: ${messageOf(error)}\nIts log: ${logFile}`,
    );
  }
  const { port } = postmaster;
  const url = urlOf(PORTAL, portalPassword, PORTAL);
  await writeFile(join(directory, URL_FILE), `${url}\n`, { mode: 0o600 });
  const kept = new KeptServer(postmaster, {
    // Clients keep their URL, so no other port will do.
    startAgain: startsAgain ? () => start(port) : undefined,
    announce,
    logFile,
    release: () => lock.release(),
  });
  return {
    url,
    superuserUrl: superuserUrl(PORTAL),
    port,
    get pid() {
      return kept.pid;
    },
    dataDirectory: home.dataDirectory,
    stop: () => kept.stop(),
  };
}
