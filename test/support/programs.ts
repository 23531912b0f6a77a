import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/**
 * `describe`, of tests that need a program: on a machine without it they are skipped, and their title says why.
 * @param program of the Debian package by the same name
 */
export function describeWith(program: string, title: string, define: () => void): void {
  const isHere = spawnSync('sh', ['-c', 'command -v "$0"', program]).status === 0;
  describeUnless(isHere ? undefined : `no ${program} here: apt-get install ${program}`, title, define);
}

/** @param missing what this machine lacks to run the tests, for their title; undefined: nothing */
export function describeUnless(missing: string | undefined, title: string, define: () => void): void {
  if (missing === undefined) describe(title, define);
  else whereMissing(`${title} (${missing})`, define);
}
/** Skipped, because this machine lacks what the tests run against. The title names it. */
const whereMissing = describe.skip;

/** Starts a program that prints nothing here. A run that fails neither waits for it nor leaves it behind. */
export function launch(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: 'ignore' });
  child.unref();
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.removeListener('exit', end));
  return child;
}

/** Ends it as a crash would. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Whether a program may listen there at this moment. */
export async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1');
  return once(probe, 'listening').then(
    async () => {
      probe.close();
      await once(probe, 'close');
      return true;
    },
    () => false,
  );
}

/** Free a moment ago: another process could take it before the program does, which then fails to answer. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
