import { UseRecorder } from '#api-keys';
import type { GivenKey } from './given.js';
import type { TestPortal } from './test-portal.js';
import { DAY_MS, HOUR_MS } from './durations.js';

/** Needs `devices:read`. */
export const READ = '{ devices { nodes { id } } }';
/** Needs `devices:write`; changes nothing. */
export const WRITE = 'mutation { deleteDevice(id: "00000000-0000-4000-8000-000000000000") { id } }';
/** Long enough that no test meets the recorder's own timer. */
export const QUIET = { apiKeys: { prefix: 'mktp', acceptLegacy: false, flushIntervalSeconds: 3_600 } };

const KEY = `query ($id: ID!, $from: DateTime!, $to: DateTime!, $bucket: UsageBucket!, $since: DateTime!) {
  apiKey(id: $id) {
    lastUsedAt lastUsedIp attemptsAfterRevocation
    usage(from: $from, to: $to, bucket: $bucket) { start allowed denied }
    unusedScopes(since: $since)
  }
}`;

export interface Point {
  start: string;
  allowed: number;
  denied: number;
}
export interface Used {
  lastUsedAt: string | null;
  lastUsedIp: string | null;
  attemptsAfterRevocation: number;
  usage: Point[];
  unusedScopes: string[];
}

/** Makes the portal write the uses that it has noted. */
export const flush = (portal: TestPortal) => portal.app.get(UseRecorder, { strict: false }).flush();
export const iso = (ms: number) => new Date(ms).toISOString();
export const sum = (points: readonly Point[], count: 'allowed' | 'denied') =>
  points.reduce((total, point) => total + point[count], 0);
export const times = async (count: number, work: () => Promise<unknown>) => {
  for (let time = 0; time < count; time++) await work();
};

/** A key as its admin sees it; with the hours of the last day unless said otherwise. */
export async function usedOf(
  portal: TestPortal,
  key: GivenKey,
  variables: Record<string, unknown> = {},
): Promise<Used> {
  const now = Date.now();
  const day = { from: iso(now - DAY_MS), to: iso(now + HOUR_MS), bucket: 'HOUR', since: iso(now - DAY_MS) };
  const answer = await portal.query(KEY, {
    session: key.admin.session,
    variables: { id: key.id, ...day, ...variables },
  });
  return answer.at<Used>('apiKey');
}

/** Milliseconds since 1970 by the database's clock. */
export async function databaseNow(portal: TestPortal): Promise<number> {
  const [row] = await portal.database.sql<{ now: Date }>('select clock_timestamp() as now');
  return Number(row?.now.getTime());
}
