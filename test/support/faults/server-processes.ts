import { spawnSync } from 'node:child_process';

/** A server's processes, the first one before those it started. */
export function processesOf(pid: number): number[] {
  // It ends with 1 where a process has no children.
  const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  return [pid, ...(stdout.match(/\d+/g) ?? []).map(Number)];
}

/** Sends a signal to all processes of a server. SIGSTOP freezes the server, with its connections open. */
export function signalAll(pid: number, signal: NodeJS.Signals): void {
  for (const each of processesOf(pid)) {
    try {
      process.kill(each, signal);
    } catch (error) {
      // A backend may end between the list and its signal.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Stops a server without a checkpoint, even one that is frozen. */
export function stopAtOnce(pid: number): void {
  signalAll(pid, 'SIGCONT');
  process.kill(pid, 'SIGQUIT');
}
