import { sql } from 'kysely';
import type { Actor } from '#access';
import { jsonb, type Session } from '#database';
import { Conflict, NotFound } from '#kernel';
import { type ApiKeyRow, type ApiKeyTables, keyById } from '../keys/api-key.reader.js';
import { type ApiKeyEventKind, record, type SystemActor } from '../audit/audit-trail.js';
import { changesBetween } from '../audit/changed-members.rules.js';
import { type KeyAction, type Outcome, outcomeOf } from './key-states.rules.js';

/** Members of a key that an event tells of, by their names in the answer. */
export type KeyMembers = Partial<
  Pick<
    ApiKeyRow,
    | 'name'
    | 'description'
    | 'scopes'
    | 'expiresAt'
    | 'allowedCidrs'
    | 'rateLimit'
    | 'rateLimitWindowSeconds'
    | 'metadata'
    | 'ownerId'
    | 'keyPrefix'
    | 'suspendedAt'
    | 'revokedAt'
    | 'revocationReason'
    | 'revocationNote'
    | 'previousExpiresAt'
  >
>;

/** Columns that are set along with them and that no event tells of. */
export type UntoldMembers = Partial<
  Pick<
    ApiKeyRow,
    | 'revokedById'
    | 'secretNumber'
    | 'rotationStartedAt'
    | 'previousSecretNumber'
    | 'previousKeyPrefix'
    | 'previousLastUsedAt'
    | 'newFirstUsedAt'
  >
> & { keyHash?: string };

/**
 * Sees a key with its new secret before both are committed. Where it throws, nothing has been made: a secret is shown
 * once, so its answer has to be complete before that.
 */
export type BeforeCommit<Made> = (made: Made) => Promise<void>;

/** What `action` comes to for this key. @throws {Conflict} INVALID_STATE where its state does not admit it */
export function admit(action: KeyAction, key: ApiKeyRow): Exclude<Outcome, 'CONFLICT'> {
  const outcome = outcomeOf(action, key);
  if (outcome === 'CONFLICT')
    throw new Conflict('INVALID_STATE', `This key is ${key.status}: it does not admit this.`, { status: key.status });
  return outcome;
}

/** @throws {Conflict} VERSION_MISMATCH unless the key is still as the caller has seen it */
export function expectVersion(key: ApiKeyRow, expected: number | null | undefined): void {
  if (expected != null && expected !== key.version)
    throw new Conflict('VERSION_MISMATCH', `The key has changed since: it is at version ${key.version}.`, {
      currentVersion: key.version,
    });
}

/**
 * Changes a locked key and tells of it. Members that are so already do not count; where none is left nothing is
 * written, and the version stays. `untold` ones always count: a new secret may look like the old one, and end with it.
 * @returns the key as it is then
 */
export async function change(
  session: Session,
  by: Actor | SystemActor,
  key: ApiKeyRow,
  kind: ApiKeyEventKind,
  members: KeyMembers,
  untold: UntoldMembers = {},
): Promise<ApiKeyRow> {
  const changes = changesBetween(key, members);
  if (Object.keys(changes).length === 0 && Object.keys(untold).length === 0) return key;
  const { ownerId: userId, scopes, allowedCidrs, metadata, ...columns } = members;
  const lists = { scopes: scopes && jsonb(scopes), allowedCidrs: allowedCidrs && jsonb(allowedCidrs) };
  await session
    .tables<ApiKeyTables>()
    .updateTable('api_keys')
    .set({ ...columns, ...untold, ...lists, userId, metadata: metadata && jsonb(metadata), version: sql`version + 1` })
    .where('id', '=', key.id)
    .execute();
  const changed = await keyById(session, key.id);
  if (!changed) throw new NotFound('API key');
  await record(session, by, { kind, key: changed, changes });
  return changed;
}
