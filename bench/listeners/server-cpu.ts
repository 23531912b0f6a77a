import { globSync, readFileSync } from 'node:fs';

/** Seconds of CPU that the living processes of a PostgreSQL server have used, to the nanosecond. */
export function cpuOfServer(postmaster: number): number {
  const processes = globSync('/proc/[0-9]*').flatMap((folder) => processIn(folder) ?? []);
  const own = processes.filter(({ pid, parent }) => pid === postmaster || parent === postmaster);
  return own.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0) / 1e9;
}

/** Undefined for a process that has ended in the meantime. */
function processIn(folder: string): { pid: number; parent: number; nanoseconds: number } | undefined {
  try {
    // The name of the program, in brackets, may hold anything.
    const [pid, rest = ''] = readFileSync(`${folder}/stat`, 'utf8').split(/ \(.*\) /s);
    // The times of `stat` are in hundredths of a second: of a process that wakes for some microseconds they show nothing.
    const [nanoseconds] = readFileSync(`${folder}/schedstat`, 'utf8').split(' ');
    return { pid: Number(pid), parent: Number(rest.split(' ')[1]), nanoseconds: Number(nanoseconds) };
  } catch {
    return undefined;
  }
}
