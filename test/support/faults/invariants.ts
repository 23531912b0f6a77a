import { createHash } from 'node:crypto';
import type { TestDatabase } from '../test-database.js';
import type { Entry, Journal } from './journal.js';
import { REVOCATION_BOUND_MS } from '../durations.js';

/** Every request ends within this. */
const LONGEST_MS = 10_000;

interface StoredKey {
  id: string;
  version: number;
  secretNumber: number;
  isRevoked: boolean;
  /** The hashes of its secrets, the present one last. */
  hashes: string[];
  /** Kinds of its events. */
  events: string[] | null;
}

const STORED = `
  select k.id, k.version, k.secret_number as "secretNumber", k.revoked_at is not null as "isRevoked",
         array(select f.key_hash from api_key_former_secrets f where f.api_key_id = k.id order by f.secret_number)
           || k.key_hash as hashes,
         (select array_agg(e.kind) from api_key_events e where e.api_key_id = k.id) as events
  from api_keys k`;

/**
 * What a journal and the database show to be wrong, a line each. Acknowledged changes
 * are there (I1), what has ended is refused in time (I2), nobody sees another tenant's rows (I3), a good key is never
 * refused (I4), nothing is half done (I5), every request ends (I8).
 */
export async function violations(journal: Journal, database: Pick<TestDatabase, 'sql'>): Promise<string[]> {
  const stored = new Map((await database.sql<StoredKey & Record<string, unknown>>(STORED)).map((key) => [key.id, key]));
  return [
    ...journal.entries.flatMap((entry) => lostOf(entry, stored.get(entry.acknowledged?.id ?? ''))),
    ...[...stored.values()].flatMap(halfDone),
    ...requestViolations(journal.entries),
  ];
}

/** I2, I3, I4 and I8, and that only outages are reported while there is one: these need no database. */
function requestViolations(entries: readonly Entry[]): string[] {
  const lives = livesOf(entries);
  return entries.flatMap((entry) => {
    const { kind, instance, status, code, begunAt, endedAt, secret, shownTenantId, tenantId } = entry;
    const found: string[] = [];
    const report = (invariant: string, what: string) =>
      found.push(`${invariant}: ${kind} at ${instance} ${what} (${status} ${code ?? ''} ${entry.reason ?? ''})`);
    if (endedAt - begunAt > LONGEST_MS) report('I8', `took ${Math.round(endedAt - begunAt)} ms`);
    if (![0, 200, 401, 503].includes(status)) report('I4', 'failed');
    if (status === 503 && !Number(entry.retryAfter)) report('I4', 'failed without Retry-After');
    if (shownTenantId !== undefined && shownTenantId !== tenantId) report('I3', `showed tenant ${shownTenantId}`);
    const life = lives.get(secret ?? '');
    if (status === 200 && life && begunAt > life.endedAt + REVOCATION_BOUND_MS)
      report('I2', `was let in ${Math.round(begunAt - life.endedAt)} ms after its secret had ended`);
    const mayHaveEnded = life !== undefined && life.mayEndFrom < endedAt;
    if (status === 401 && !mayHaveEnded) report('I4', 'was refused with a good credential');
    return found;
  });
}

interface Life {
  /** An attempt to end it began: from here on it may be refused. */
  mayEndFrom: number;
  /** The end was acknowledged: from here on it must be refused, within the bound. */
  endedAt: number;
}

/** The secrets that a client tried to end, by revoking the key or by a rotation without an overlap. */
function livesOf(entries: readonly Entry[]): Map<string, Life> {
  const lives = new Map<string, Life>();
  for (const { kind, secret, begunAt, endedAt, acknowledged } of entries) {
    if ((kind !== 'REVOKE' && kind !== 'ROTATE') || !secret) continue;
    const known = lives.get(secret) ?? { mayEndFrom: Infinity, endedAt: Infinity };
    lives.set(secret, {
      mayEndFrom: Math.min(known.mayEndFrom, begunAt),
      endedAt: acknowledged ? Math.min(known.endedAt, endedAt) : known.endedAt,
    });
  }
  return lives;
}

function lostOf({ kind, acknowledged }: Entry, key: StoredKey | undefined): string[] {
  if (!acknowledged) return [];
  if (!key) return [`I1: an acknowledged ${kind} of key ${acknowledged.id} is not there`];
  const { secret } = acknowledged;
  if (secret !== undefined && !key.hashes.includes(createHash('sha256').update(secret).digest('hex')))
    return [`I1: the secret of an acknowledged ${kind} of key ${key.id} is not there`];
  return kind === 'REVOKE' && !key.isRevoked ? [`I1: an acknowledged revocation of key ${key.id} is not there`] : [];
}

/** I5: a change and its event, and a rotation and the secret that it replaced, are there together or not at all. */
function halfDone({ id, version, secretNumber, isRevoked, hashes, events }: StoredKey): string[] {
  const count = (kind: string) => (events ?? []).filter((event) => event === kind).length;
  const isWhole =
    count('CREATED') === 1 &&
    (events ?? []).length === version &&
    count('ROTATED') === secretNumber - 1 &&
    hashes.length === secretNumber &&
    count('REVOKED') === Number(isRevoked);
  return isWhole ? [] : [`I5: key ${id} is half changed: version ${version}, events ${String(events)}`];
}
