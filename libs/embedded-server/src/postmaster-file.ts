import { readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedServerError } from './embedded-server.error.js';
import { runProgram } from './run-program.js';

/** Longest time of a fast shutdown, in which the server writes its checkpoint. Then the server is killed. */
export const FAST_SHUTDOWN_MS = 8_000;

/** What a running server writes about itself into its data directory. */
export interface PostmasterFile {
  pid: number;
  /** `starting`, `ready`, `stopping`; empty just after the file was made. */
  status: string;
}

export async function readPostmasterFile(dataDirectory: string): Promise<PostmasterFile | undefined> {
  try {
    const lines = (await readFile(postmasterFileIn(dataDirectory), 'utf8')).split('\n');
    return { pid: Number.parseInt(lines[0] ?? '', 10), status: lines[7]?.trim() ?? '' };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Port of the last start, which PostgreSQL keeps after the server has ended. */
export async function readLastPort(dataDirectory: string): Promise<number | undefined> {
  const options = await readFile(join(dataDirectory, 'postmaster.opts'), 'utf8').catch(() => '');
  const port = /"-p" "(\d+)"/.exec(options)?.[1];
  return port === undefined ? undefined : Number(port);
}

/**
 * Ends a server whose owner was killed, and removes a `postmaster.pid` without a server: PostgreSQL itself would take
 * any live process of that id for a server. Only the owner of the directory may call this.
 *
 * If a part of the old server still runs, PostgreSQL refuses to start because of its shared memory, not of this file.
 */
export async function removeOrphan(dataDirectory: string, announce: (line: string) => void): Promise<void> {
  const found = await readPostmasterFile(dataDirectory);
  if (!found) return;
  if (await isServerOf(dataDirectory, found.pid)) {
    announce(`PostgreSQL (process ${found.pid}) outlived the process that started it: it is stopped and started anew.`);
    await stopOrphan(dataDirectory, found.pid);
  }
  await rm(postmasterFileIn(dataDirectory), { force: true });
}

async function stopOrphan(dataDirectory: string, pid: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    const deadline = Date.now() + FAST_SHUTDOWN_MS;
    while (Date.now() < deadline) {
      if (!(await isServerOf(dataDirectory, pid))) return;
      await sleep(20);
    }
  }
  throw new EmbeddedServerError(`PostgreSQL (process ${pid}), left over in ${dataDirectory}, does not stop.`);
}

/** True if the process is alive and a server of this data directory, not another program that got the id since. */
async function isServerOf(dataDirectory: string, pid: number): Promise<boolean> {
  if (!(pid > 0)) return false;
  try {
    if (process.platform !== 'linux') {
      const command = await runProgram('ps', ['-ww', '-o', 'command=', '-p', String(pid)]);
      return command.includes(`/postgres -D ${dataDirectory} `);
    }
    const [program] = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
    return program?.endsWith('/postgres') === true && (await readlink(`/proc/${pid}/cwd`)) === dataDirectory;
  } catch {
    return false;
  }
}

function postmasterFileIn(dataDirectory: string): string {
  return join(dataDirectory, 'postmaster.pid');
}
