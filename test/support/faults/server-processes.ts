import { execFileSync } from 'node:child_process';

/** A server's processes, the first one before those it started. */
export function processesOf(pid: number): number[] {
  const children = execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  return [pid, ...children.trim().split('\n').map(Number)];
}

/** Sends a signal to all processes of a server. SIGSTOP freezes the server, with its connections open. */
export function signalAll(pid: number, signal: NodeJS.Signals): void {
  for (const each of processesOf(pid)) process.kill(each, signal);
}

/** Stops a server without a checkpoint, even one that is frozen. */
export function stopAtOnce(pid: number): void {
  signalAll(pid, 'SIGCONT');
  process.kill(pid, 'SIGQUIT');
}
