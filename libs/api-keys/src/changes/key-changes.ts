import { sql } from 'kysely';
import type { Actor } from '#access';
import { jsonb, type Session } from '#database';
import { Conflict, NotFound } from '#kernel';
import { type ApiKeyRow, type ApiKeyTables, keyById } from '../keys/api-key.reader.js';
import type { ApiKeyEventKind } from '../words.js';
import { record, type SystemActor } from '../audit/audit-trail.js';
import { diffBetween } from '../audit/changed-members.rules.js';
import { type ActionEffect, effectOf, type KeyAction } from './key-states.rules.js';

/** Members of a key that events report, by their names in the answer. */
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
    | 'approvedAt'
  >
>;

/** Columns that are set together with these members but that no event reports. */
export type UnauditedMembers = Partial<
  Pick<
    ApiKeyRow,
    | 'revokedById'
    | 'secretNumber'
    | 'rotationStartedAt'
    | 'previousSecretNumber'
    | 'previousKeyPrefix'
    | 'previousLastUsedAt'
    | 'newFirstUsedAt'
    | 'suspendedByOwner'
    | 'pendingUntil'
    | 'approvedById'
  >
> & { keyHash?: string };

/**
 * Checks a key with its new secret before both are committed. If the check throws, nothing is changed. A secret is shown only
 * once, so its answer has to be complete before the commit.
 */
export type BeforeCommit<Made> = (made: Made) => Promise<void>;

/** The effect of `action` for this key. @throws {Conflict} INVALID_STATE where the key's state does not allow the action */
export function requireAllowed(action: KeyAction, key: ApiKeyRow): Exclude<ActionEffect, 'CONFLICT'> {
  const effect = effectOf(action, key);
  if (effect === 'CONFLICT')
    throw new Conflict('INVALID_STATE', `This key is ${key.status}: this action is not possible.`, {
      status: key.status,
    });
  return effect;
}

/** @throws {Conflict} VERSION_MISMATCH unless the key is unchanged since the caller saw it */
export function expectVersion(key: ApiKeyRow, expected: number | null | undefined): void {
  if (expected != null && expected !== key.version)
    throw new Conflict(
      'VERSION_MISMATCH',
      `The key has changed since that version: it is now at version ${key.version}.`,
      {
        currentVersion: key.version,
      },
    );
}

/**
 * Changes a locked key and writes the event. Members that already have their value do not count; if none is left, nothing is
 * written and the version stays. The `unaudited` columns always count: a new secret may look like the old one and end with the same
 * characters.
 * @returns the key after the change
 */
export async function change(
  session: Session,
  by: Actor | SystemActor,
  key: ApiKeyRow,
  kind: ApiKeyEventKind,
  members: KeyMembers,
  unaudited: UnauditedMembers = {},
): Promise<ApiKeyRow> {
  const changes = diffBetween(key, members);
  if (Object.keys(changes).length === 0 && Object.keys(unaudited).length === 0) return key;
  const { ownerId: userId, scopes, allowedCidrs, metadata, ...columns } = members;
  const lists = { scopes: scopes && jsonb(scopes), allowedCidrs: allowedCidrs && jsonb(allowedCidrs) };
  await session
    .tables<ApiKeyTables>()
    .updateTable('api_keys')
    .set({
      ...columns,
      ...unaudited,
      ...lists,
      userId,
      metadata: metadata && jsonb(metadata),
      version: sql`version + 1`,
    })
    .where('id', '=', key.id)
    .execute();
  const changed = await keyById(session, key.id);
  if (!changed) throw new NotFound('API key');
  await record(session, by, { kind, key: changed, changes });
  return changed;
}
