import { hash } from 'node:crypto';
import { sql } from 'kysely';
import { type Session } from '#database';
import { Conflict } from '#kernel';
import type { ApiKeyRow } from '../keys/api-key.reader.js';
import { keyById } from '../keys/api-key.reader.js';

/** The caller's name for one creation: the same key is returned for a day. */
export interface Creation {
  readonly callerId: string;
  readonly idempotencyKey: string;
  /** Digest of the whole input; see `digestOf`. */
  readonly digest: string;
}

/**
 * The key that this creation made earlier; null for the first call. Creations of the same caller with the same idempotency key
 * wait for each other from here to their end.
 * @throws {Conflict} ALREADY_EXISTS: the earlier call had another input
 */
export async function madeBefore(session: Session, creation: Creation): Promise<ApiKeyRow | null> {
  const { callerId, idempotencyKey, digest } = creation;
  await sql`
    select pg_advisory_xact_lock(hashtextextended(current_setting('app.tenant_id') || ${callerId} || ${idempotencyKey}, 0))
  `.execute(session);
  const { rows } = await sql<{ id: string; digest: string }>`
    select id, idempotency_digest as digest from api_keys
    where created_by_id = ${callerId}::uuid and idempotency_key = ${idempotencyKey}
      and created_at > now() - interval '24 hours'`.execute(session);
  const [made] = rows;
  if (made && made.digest !== digest)
    throw new Conflict('ALREADY_EXISTS', 'This idempotency key was used before, with another input.');
  if (made) return keyById(session, made.id);
  await sql`
    update api_keys set idempotency_key = null, idempotency_digest = null
    where created_by_id = ${callerId}::uuid and idempotency_key = ${idempotencyKey}`.execute(session);
  return null;
}

/** SHA-256 of an input, independent of the order of its members. A null member counts as left out. */
export function digestOf(input: object): string {
  const given = Object.entries(input).filter(([, member]) => member != null);
  return hash('sha256', JSON.stringify(canonical(Object.fromEntries(given))), 'hex');
}

/** Sorts the members of objects. Lists stay lists, and null in a caller's own data is a value. */
function canonical(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, canonical(member)]));
}
