import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedServerError } from './embedded-server.error.js';
import { FAST_SHUTDOWN_MS, readLastPort, readPostmasterFile } from './postmaster-file.js';
import { SURROUNDINGS } from './run-program.js';
import type { ServerHome } from './server-home.js';

/** Longest time for which a server that was just killed may hold the port or the shared memory. */
const OBSTACLE_MS = 6_000;
/** Includes the recovery from a crash. */
const READY_MS = 60_000;
const LOG_LINES = 12;
const OBSTACLE = /Address already in use|shared memory block .* is still in use/;

export interface PostmasterOptions extends ServerHome {
  /** The program `postgres`. */
  postgres: string;
  logFile: string;
  settings: Record<string, string>;
  /** No other port will do. Undefined: the port of the last start, or another one if that port is taken. */
  port: number | undefined;
}

/** A server that accepts connections. */
export interface Postmaster {
  port: number;
  pid: number;
  /** The way in which the server ended, such as `signal SIGKILL`. Never rejects. */
  ended: Promise<string>;
  /** Fast shutdown; may be called more than once. @returns when the process has gone */
  stop(): Promise<void>;
}

/** @throws {EmbeddedServerError} with the end of the server's log */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  await rename(options.logFile, `${options.logFile}.old`).catch(() => undefined);
  const deadline = Date.now() + OBSTACLE_MS;
  for (;;) {
    const port = options.port ?? (await choosePort(options));
    const postmaster = launch(options, port);
    const failure = await waitUntilReady(options.dataDirectory, postmaster);
    if (failure === undefined) return postmaster;

    const log = await readEndOf(options.logFile);
    if (!OBSTACLE.test(log) || Date.now() > deadline) {
      throw new EmbeddedServerError(`PostgreSQL did not start in ${options.dataDirectory} (${failure}):\n${log}`);
    }
    await sleep(100);
  }
}

function launch({ postgres, dataDirectory, user, logFile, settings }: PostmasterOptions, port: number): Postmaster {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(postgres, ['-D', dataDirectory, '-p', String(port), ...flags], {
    ...SURROUNDINGS,
    ...user,
    // A process group of its own: Ctrl+C in a terminal ends the whole group of the app, which needs its database to the end.
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();

  const stopAtExit = () => child.kill('SIGINT');
  process.on('exit', stopAtExit);
  const ended = endOf(child).finally(() => process.off('exit', stopAtExit));
  return { port, pid: child.pid ?? 0, ended, stop: () => stop(child, ended) };
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit status ${code}`));
  });
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.ref();
  child.kill('SIGINT');
  const cutShort = setTimeout(() => child.kill('SIGQUIT'), FAST_SHUTDOWN_MS);
  await ended;
  clearTimeout(cutShort);
}

/** @returns undefined when the server is ready, or the reason why it will not be */
async function waitUntilReady(dataDirectory: string, postmaster: Postmaster): Promise<string | undefined> {
  const deadline = Date.now() + READY_MS;
  let failure: string | undefined;
  void postmaster.ended.then((end) => (failure = end));
  while (failure === undefined) {
    const file = await readPostmasterFile(dataDirectory);
    if (file?.pid === postmaster.pid && file.status === 'ready') return undefined;
    if (Date.now() > deadline) {
      await postmaster.stop();
      return `not ready after ${READY_MS / 1000} s`;
    }
    await sleep(10);
  }
  return failure;
}

async function choosePort({ dataDirectory }: PostmasterOptions): Promise<number> {
  const port = (await findFreePort(await readLastPort(dataDirectory))) ?? (await findFreePort(0));
  if (port === undefined) throw new EmbeddedServerError('No port is free on 127.0.0.1.');
  return port;
}

/** @returns the port, which the system chooses for 0, or undefined if another program listens there */
async function findFreePort(wanted: number | undefined): Promise<number | undefined> {
  if (wanted === undefined) return undefined;
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}

async function readEndOf(logFile: string): Promise<string> {
  const log = await readFile(logFile, 'utf8').catch(() => '');
  return log.trimEnd().split('\n').slice(-LOG_LINES).join('\n');
}
