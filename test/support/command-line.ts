import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const MAIN = resolve(import.meta.dirname, '../../dist/apps/portal/src/main.js');

export interface Run {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

interface Place {
  cwd: string;
  environment?: Record<string, string>;
}

function start(args: readonly string[], { cwd, environment }: Place): ChildProcess & { output: () => Run } {
  // Only what the command needs: the run's own variables must not leak in.
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'development', ...environment };
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return Object.assign(child, { output: () => ({ exitCode: child.exitCode, stdout, stderr }) });
}

/** Runs a command of the built portal to its end. */
export async function portal(args: readonly string[], place: Place): Promise<Run> {
  const child = start(args, place);
  await once(child, 'close');
  return child.output();
}

/** A portal that serves in a process of its own. */
export interface Served {
  /** What it printed, as `name: value`. */
  printed: (name: string) => string | undefined;
  output: () => Run;
  /** @returns the exit code */
  end: (signal: NodeJS.Signals) => Promise<number | null>;
}

/** Starts `serve` and waits until it has printed its last line. @throws when it ends first */
export async function serve(args: readonly string[], place: Place): Promise<Served> {
  const child = start(['serve', ...args], { ...place, environment: { PORT: '0', ...place.environment } });
  const printed = (name: string) => new RegExp(`^${name}[^:\n]*: (.*)$`, 'm').exec(child.output().stdout)?.[1];
  const last = args.includes('--demo') ? 'API key' : 'URL';
  while (printed(last) === undefined) {
    const [chunk] = await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'close')]);
    if (!(chunk instanceof Buffer)) throw new Error(`serve ended: ${JSON.stringify(child.output())}`);
  }
  return {
    printed,
    output: child.output,
    end: async (signal) => {
      child.kill(signal);
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
      return child.exitCode;
    },
  };
}
