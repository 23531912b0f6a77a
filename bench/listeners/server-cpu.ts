import { globSync, readFileSync } from 'node:fs';

/** Clock ticks of Linux in a second. */
const TICKS = 100;

/** Seconds of CPU that the living processes of a PostgreSQL server have used. */
export function cpuOfServer(postmaster: number): number {
  const processes = globSync('/proc/[0-9]*').flatMap((folder) => processIn(folder) ?? []);
  const own = processes.filter(({ pid, parent }) => pid === postmaster || parent === postmaster);
  return own.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS;
}

/** Undefined for a process that has ended in the meantime. */
function processIn(folder: string): { pid: number; parent: number; ticks: number } | undefined {
  try {
    // The name of the program, in brackets, may hold anything.
    const [pid, rest = ''] = readFileSync(`${folder}/stat`, 'utf8').split(/ \(.*\) /s);
    const fields = rest.split(' ').map(Number);
    return { pid: Number(pid), parent: fields[1] ?? 0, ticks: (fields[11] ?? 0) + (fields[12] ?? 0) };
  } catch {
    return undefined;
  }
}
