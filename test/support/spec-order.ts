import { globSync } from 'node:fs';

/**
 * The spec files that take longest, the longest first. Each runs alone, and all of them before the others: a long file
 * that starts last would leave the other cores idle. The seconds are those of a whole run on two cores.
 */
export const LONGEST: readonly string[] = [
  'test/faults/hostile-memory.spec.ts',
  'test/faults/leading-server.spec.ts',
  'test/faults/crashes.spec.ts', // 52
  'test/faults/strange-servers.spec.ts',
  'test/faults/log-output.spec.ts',
  'test/e2e/command-line.spec.ts', // 38
  'test/faults/outages.spec.ts', // 27
  'test/faults/command-line-database.spec.ts',
  'test/e2e/start.spec.ts', // 25
  'test/faults/interrupted-commands.spec.ts', // 23
  'test/faults/migrations.spec.ts', // 20
  'test/e2e/import.spec.ts', // 20
  'test/faults/embedded-server.spec.ts', // 20
  'test/faults/issuer-keys.spec.ts', // 20
  'test/e2e/command-line-keys.spec.ts', // 18
  'test/faults/revocation.spec.ts', // 18
  'test/e2e/verification-cost.spec.ts', // 14
  'test/faults/use-recorder.spec.ts', // 9
  'test/faults/transactions.spec.ts', // 5
];

/** Loads the files of a group. */
export const GROUP_LOADER = 'test/support/spec-group.config.mjs';

const GROUPED = 'test/{architecture,e2e,faults,timing}/*.spec.ts';
const GROUP_SIZE = 6;

/**
 * All other spec files that need a server, in groups. Each group loads the application once, which takes one to two
 * seconds. Neighbours go to different groups: files of one kind wait for the same things.
 */
export function groupsOf(root: string): string[][] {
  const files = globSync(GROUPED, { cwd: root })
    .filter((file) => !LONGEST.includes(file))
    .toSorted();
  const count = Math.ceil(files.length / GROUP_SIZE);
  return Array.from({ length: count }, (_, group) => files.filter((_file, n) => n % count === group));
}
