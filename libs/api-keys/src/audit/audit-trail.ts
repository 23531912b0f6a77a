import type { Actor } from '#access';
import { type Session } from '#database';
import type { Diff } from './changed-members.rules.js';
import type { ApiKeyEventKind } from '../words.js';
import { normalisedAddress } from '../limits/networks.rules.js';
import { insertEvents } from './audit-trail.sql.js';

/** The actor of a change that no principal asked for: the command line, a job, a report of a leak. */
export interface SystemActor {
  readonly kind: 'SYSTEM';
  readonly tenantId: string;
  readonly ip?: string;
  /** Of a leak: where the key was found. */
  readonly foundAt?: string | null;
}

export interface AuditEvent {
  kind: ApiKeyEventKind;
  /** Left out where the event is not about a single key. */
  key?: { readonly id: string; readonly name: string };
  /** Never a secret or a hash. */
  changes?: Diff;
}

/**
 * Records changes in the transaction of `session` that makes them, so that both are committed or neither. Stores the present
 * names of key and actor. One statement, however many events.
 */
export async function record(
  session: Session,
  by: Actor | SystemActor,
  ...events: readonly AuditEvent[]
): Promise<void> {
  if (events.length === 0) return;
  const actorId = by.kind === 'USER' ? by.userId : null;
  const actorKeyId = by.kind === 'API_KEY' ? by.apiKeyId : null;
  const ip = by.ip === undefined ? null : normalisedAddress(by.ip);
  const rows = events.map(({ kind, key, changes = {} }) => ({ kind, key_id: key?.id, key_name: key?.name, changes }));
  const foundAt = by.kind === 'SYSTEM' ? (by.foundAt ?? null) : null;
  await insertEvents(session, { tenantId: by.tenantId, actorId, actorKeyId, ip, foundAt }, rows);
}
