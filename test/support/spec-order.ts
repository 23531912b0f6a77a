import { globSync } from 'node:fs';

/**
 * The spec files that take longest, the longest first. All of them start before the others: a long file that starts last
 * would leave the other cores idle. The seconds are those of a whole run on two cores.
 */
export const LONGEST: readonly string[] = [
  'test/faults/hostile-memory.spec.ts',
  'test/faults/leading-server.spec.ts',
  'test/faults/crashes.spec.ts', // 52
  'test/faults/strange-servers.spec.ts',
  'test/faults/log-output.spec.ts',
  'test/faults/failover.spec.ts',
  'test/faults/leadership-fence.spec.ts',
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

/** All spec files that may need a server. */
export function specFiles(root: string): string[] {
  return globSync('test/{architecture,e2e,faults,timing}/*.spec.ts', { cwd: root }).toSorted();
}
