import { globSync } from 'node:fs';

/**
 * The spec files that take longest. They start first, because a long file that starts last would leave the other cores
 * idle; so would files that only wait if they ran side by side, so these stand apart. The seconds are those of whole runs
 * on two cores, 2026-11-29 and 30.
 */
export const LONGEST: readonly string[] = [
  'test/faults/strange-servers.spec.ts', // 63
  'test/faults/crashes.spec.ts', // 45
  'test/e2e/unread-answers.spec.ts', // 35
  'test/faults/failover.spec.ts', // 41
  'test/e2e/access-table.spec.ts', // 36
  'test/e2e/lost-policies.spec.ts', // 30
  'test/faults/leading-server.spec.ts', // 41
  'test/faults/hostile-memory.spec.ts', // 36
  'test/faults/limit-cluster.spec.ts', // 30
  'test/e2e/command-line-keys.spec.ts', // 26
  'test/faults/embedded-server-killed.spec.ts', // 28
  'test/faults/leadership-fence.spec.ts', // 25
  'test/faults/two-logins.spec.ts', // 24
  'test/faults/embedded-server.spec.ts', // 26
  'test/faults/outages.spec.ts', // 24
  'test/faults/log-output.spec.ts', // 22
  'tools/build.spec.ts', // 22
  'test/faults/secret-scanners.spec.ts', // 21
  'test/architecture/rooms.spec.ts', // 20
  'test/faults/webhook-crashes.spec.ts', // 20
  'test/e2e/workers.spec.ts', // 19
  'test/e2e/start.spec.ts', // 19
  'test/faults/revocation.spec.ts', // 19
  'test/e2e/verification-cost.spec.ts', // 18
  'test/faults/replica-reads.spec.ts', // 18
  'test/faults/issuer-keys.spec.ts', // 18
  'test/e2e/key-life.property.spec.ts', // 18
  'test/faults/heartbeats.spec.ts', // 17
  'test/faults/interrupted-commands.spec.ts', // 17
  'test/e2e/command-line.spec.ts', // 17
  'test/faults/notifications.spec.ts', // 15
  'test/faults/migrations.spec.ts', // 14
  'test/e2e/import.spec.ts', // 13
  'test/e2e/webhook-hostile-endpoints.spec.ts', // 12
  'test/e2e/credentials.spec.ts', // 12
  'test/e2e/rate-limit.spec.ts', // 12
  'test/faults/command-line-database.spec.ts', // 12
  'test/e2e/webhook-deliveries.spec.ts', // 12
  'test/e2e/networks.spec.ts', // 11
  'test/e2e/member-races.spec.ts', // 10
  'test/faults/stream-bounds.spec.ts', // 10
  'test/faults/clocks.spec.ts', // 10
  'test/architecture/exports.spec.ts', // 7
];

/** All spec files that may need a server. */
export function specFiles(root: string): string[] {
  return globSync('test/{architecture,e2e,faults,timing}/*.spec.ts', { cwd: root }).toSorted();
}
