import { jest } from '@jest/globals';
import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EXIT, reportFailure } from '../../apps/portal/src/commands/failure.js';
import { createProgram } from '../../apps/portal/src/commands/program.js';
import { keepOutput, noteSecrets, noteSecretValues } from './evidence.js';
import { testServer } from './test-server.js';

const MAIN = resolve(import.meta.dirname, '../../dist/portal/main.js');

/** A command makes little garbage while it loads, and Node.js would collect it again and again: a fifth of its CPU. */
const ROOMY = '--min-semi-space-size=16';

/** The lines that `serve` prints for pasting: a session token and a key. */
const SHOWN_ONCE = /^(Session token|API key).*$/gm;

export interface Run {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

interface Place {
  cwd: string;
  environment?: Record<string, string>;
  /** A file descriptor in place of the pipe that is read here. */
  stdout?: number;
}

function start(
  args: readonly string[],
  { cwd, environment, stdout: descriptor }: Place,
): ChildProcess & { output: () => Run } {
  // Only what the command needs: the run's own variables must not leak in.
  const { PATH, HOME } = process.env;
  // Half of what a start costs: each process compiles the same modules, and looks for links in their paths.
  const NODE_COMPILE_CACHE = join(testServer().directory, 'compile-cache');
  const quick = { NODE_COMPILE_CACHE, NODE_PRESERVE_SYMLINKS: '1', NODE_PRESERVE_SYMLINKS_MAIN: '1' };
  const env = { PATH, HOME, ...quick, NODE_ENV: 'development', ...environment };
  const stdio: StdioOptions = ['ignore', descriptor ?? 'pipe', 'pipe'];
  const child = spawn(process.execPath, [ROOMY, MAIN, ...args], { cwd, env, stdio });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.once('close', () => {
    noteSecrets(stdout);
    noteSecretValues(passwordsOf(cwd, environment));
    // A command's answer may be a credential; what it logs may not hold one.
    keepOutput('command', stderr + (args[0] === 'serve' ? stdout.replaceAll(SHOWN_ONCE, '') : ''));
  });
  return Object.assign(child, { output: () => ({ exitCode: child.exitCode, stdout, stderr }) });
}

/** A shorter one is no secret: it stands in other texts by chance. */
const SHORTEST_PASSWORD = 8;

/** Those of the embedded server that was started in `cwd`, and of the database given. */
function passwordsOf(cwd: string, environment: Record<string, string> = {}): string[] {
  const url = environment['DATABASE_URL'] ?? '';
  const given = URL.canParse(url) ? [new URL(url).password] : [];
  const own = ['superuser', 'portal'].map((name) => contentOf(join(cwd, '.data', `${name}.password`)));
  return [...given, ...own].filter((password) => password.length >= SHORTEST_PASSWORD);
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

interface Started {
  kill: (signal: NodeJS.Signals) => void;
  /** Closes the reading end, as `head` does when it has read enough. */
  closeOutput: () => void;
  /** Leaves what it prints from now on in the pipe, until `readOutput`. */
  leaveOutput: () => void;
  readOutput: () => void;
  /** The output so far. */
  output: () => Run;
  ended: Promise<Run>;
}

/** Starts a command of the built portal, which may be killed before its end. */
export function startPortal(args: readonly string[], place: Place): Started {
  const child = start(args, place);
  const ended = once(child, 'close').then(() => child.output());
  return {
    kill: (signal) => void child.kill(signal),
    closeOutput: () => void child.stdout?.destroy(),
    leaveOutput: () => void child.stdout?.pause(),
    readOutput: () => void child.stdout?.resume(),
    output: child.output,
    ended,
  };
}

/** Runs a command of the built portal to its end. */
export function portal(args: readonly string[], place: Place): Promise<Run> {
  return startPortal(args, place).ended;
}

/**
 * Runs a command within this process, one at a time: at a fifth of the cost, for what a command does. How a process ends
 * is for `portal`.
 */
export async function command(args: readonly string[], environment: Record<string, string>): Promise<Run> {
  const run: Run = { exitCode: EXIT.done, stdout: '', stderr: '' };
  const { env } = process;
  // The variables of the test run must not leak in, as for `start`.
  const { PATH, HOME } = env;
  const spies = [
    jest.spyOn(console, 'log').mockImplementation((text) => void (run.stdout += `${text}\n`)),
    jest.spyOn(console, 'error').mockImplementation((text) => void (run.stderr += `${text}\n`)),
  ];
  process.env = { PATH, HOME, NODE_ENV: 'development', ...environment };
  try {
    await createProgram().parseAsync(args, { from: 'user' });
  } catch (error) {
    run.exitCode = await reportFailure(error);
  } finally {
    process.env = env;
    for (const spy of spies) spy.mockRestore();
  }
  noteSecrets(run.stdout);
  keepOutput('command', run.stderr);
  return run;
}

/** A portal that serves in a process of its own. */
export interface Served {
  /** The value of a printed line `name: value`. */
  printed: (name: string) => string | undefined;
  output: () => Run;
  signal: (signal: NodeJS.Signals) => void;
  /** @returns the exit code */
  end: (signal: NodeJS.Signals) => Promise<number | null>;
}

/** Starts `serve` and waits until it has printed its last line. @throws when it ends first */
export async function serve(args: readonly string[], place: Place): Promise<Served> {
  const child = start(['serve', ...args], { ...place, environment: { PORT: '0', ...place.environment } });
  const printed = (name: string) => {
    const { stdout } = child.output();
    // In production the address is only in a line of the log.
    const logged = name === 'URL' ? /"url":"([^"]+)".*"msg":"listening"/.exec(stdout)?.[1] : undefined;
    return new RegExp(`^${name}[^:\n]*: (.*)$`, 'm').exec(stdout)?.[1] ?? logged;
  };
  const last = args.includes('--demo') ? 'API key' : 'URL';
  while (printed(last) === undefined) {
    const [chunk] = await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'close')]);
    if (!(chunk instanceof Buffer)) throw new Error(`serve ended: ${JSON.stringify(child.output())}`);
  }
  return {
    printed,
    output: child.output,
    signal: (signal) => void child.kill(signal),
    end: async (signal) => {
      child.kill(signal);
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
      return child.exitCode;
    },
  };
}
