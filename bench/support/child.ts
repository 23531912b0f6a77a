import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Profiler } from 'node:inspector';
import type { ServerQuestion } from './serve.js';

/** One core each for what serves and for what asks; where the machine has no `taskset` or one core, none is given. */
export const SERVER_CORE = 0;
export const LOAD_CORE = 1;
/** As production starts the portal. `deployment.spec.ts` compares the places. The peers run as documented. */
const PORTAL_FLAGS = ['--enable-source-maps', '--max-semi-space-size=12', '--heap-growing-percent=30'];
const PEER_FLAGS = ['--enable-source-maps'];
const hasTaskset = spawnSync('taskset', ['-c', String(LOAD_CORE), 'true']).status === 0;

/** Binds a process, with all its threads, to a core from now on. @returns whether that is possible here */
export function pin(pid: number, core: number): boolean {
  return hasTaskset && spawnSync('taskset', ['-a', '-cp', String(core), String(pid)]).status === 0;
}

/** A server in a process of its own, on a port that it has chosen. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /**
   * @param script a program that sends `{ url }` once it listens, answers each message with `{ cpuMicros, rssBytes }`, and ends
   *   when its parent does
   * @param core to be bound to
   */
  static async start(script: string, args: readonly string[], core?: number): Promise<ServerProcess> {
    const command = [process.execPath, ...(script.includes('/peers/') ? PEER_FLAGS : PORTAL_FLAGS), script, ...args];
    const [program = '', ...rest] =
      core !== undefined && hasTaskset ? ['taskset', '-c', String(core), ...command] : command;
    // As deployed: graphql-js, Apollo Server and Express each do more outside production.
    const env = { ...process.env, NODE_ENV: 'production' };
    const child = spawn(program, rest, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`${script} ended with ${String(code)} before it listened.`);
    });
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [{ url: string }];
    // From now on the end is the caller's wish.
    ended.catch(() => undefined);
    return new ServerProcess(child, message.url);
  }

  /** CPU that the process has used since it began, all its threads. */
  async cpuMicros(): Promise<number> {
    return (await this.ask<{ cpuMicros: number }>('cpu')).cpuMicros;
  }

  async residentBytes(): Promise<number> {
    return (await this.ask<{ rssBytes: number }>('cpu')).rssBytes;
  }

  /** Where the process spends its time while `work` goes on. */
  async profileDuring(work: () => Promise<unknown>): Promise<Profiler.Profile> {
    await this.ask('start profile');
    await work();
    return this.ask<Profiler.Profile>('stop profile');
  }

  private async ask<Answer>(question: ServerQuestion): Promise<Answer> {
    const answer = once(this.child, 'message');
    this.child.send(question);
    const [message] = (await answer) as [Answer];
    return message;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill();
    await ended;
  }
}
