import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { type Actor, type ApiKeyPrincipal, isMember, memberIdOf } from '#access';
import { type Session, TenantDatabase } from '#database';
import { Conflict, type Input, LIMITS, NotFound } from '#kernel';
import { TenantDirectory } from '#tenancy';
import type { RevocationReason } from '../words.js';
import type { WantedFilter } from '../keys/api-key.filter.js';
import { type ApiKeyRow, idsToEnd, keysByIds } from '../keys/api-key.reader.js';
import { record, type SystemActor } from '../audit/audit-trail.js';
import { diffBetween } from '../audit/changed-members.rules.js';
import { change, requireAllowed } from './key-changes.js';
import { KeyAuthority } from '../keys/key-authority.js';
import { type KeysToRevoke, readKeysToRevoke } from './keys-to-revoke.js';

export interface Revocation extends KeysToRevoke {
  reason: RevocationReason;
  note?: string | null;
}

type Reason = Readonly<Required<Pick<Revocation, 'reason' | 'note'>>>;

export interface RevokedKeys {
  /** At most 100; the keys that this call has revoked come first. */
  keys: ApiKeyRow[];
  count: number;
}

/** 100,000 keys in one transaction take longer than a transaction may. */
const KEYS_AT_ONCE = 2_000;

/** Ends keys for good. The rows stay, for audit. */
@Injectable()
export class RevocationService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly authority: KeyAuthority,
    private readonly directory: TenantDirectory,
  ) {}

  /**
   * Revokes all of the named keys, or none. The keys of an owner, and more than 2,000 keys of a filter, are revoked in parts, each
   * part wholly: where a part fails, the earlier parts stay revoked. A key that is revoked already stays as it is.
   * @returns at most 100 keys, and their total number; of a filter, the keys that this call has revoked
   * @throws {InvalidInput} all problems at once
   * @throws {NotFound} when one of the keys, or the owner, is unknown or belongs to another tenant
   * @throws {Conflict} COUNT_MISMATCH: the filter would end another number of keys than expected, and none was ended
   */
  async revoke(by: Actor | SystemActor, input: Input<Revocation>): Promise<RevokedKeys> {
    const { ids, ownerId, filter, expectedCount, ...why } = input.read(readRevocation);
    if (ids) return this.database.write(by, (session) => this.revokeNamed(session, by, ids, why));
    if (filter) return this.revokeFiltered(by, { ...filter, memberId: memberIdOf(by) }, expectedCount, why);
    return this.revokeAllOf(by, ownerId ?? '', why);
  }

  private async revokeNamed(
    session: Session,
    by: Actor | SystemActor,
    ids: readonly string[],
    why: Reason,
  ): Promise<RevokedKeys> {
    const locked = await lockedIds(session, sql<boolean>`id = any(${[...ids]}::uuid[])`, ids.length);
    if (locked.length < ids.length) {
      await this.authority.caller(session, by);
      throw new NotFound('API key');
    }
    const ended = new Set(await this.end(session, by, locked, why));
    const endedFirst = ids.toSorted((one, other) => Number(ended.has(other)) - Number(ended.has(one)));
    return { keys: await keysByIds(session, endedFirst), count: ids.length };
  }

  private async revokeFiltered(
    by: Actor | SystemActor,
    filter: WantedFilter,
    expectedCount: number,
    why: Reason,
  ): Promise<RevokedKeys> {
    const ended: string[] = [];
    const endPart = async (session: Session, ids: readonly string[]) => {
      const part = await idsToEnd(session, { ...filter, ids }, 'locked');
      return { part, revoked: await this.end(session, by, part, why) };
    };
    const found = await this.database.write(by, async (session) => {
      const ids = await idsToEnd(session, filter);
      if (ids.length > KEYS_AT_ONCE || ids.length !== expectedCount) await this.authority.caller(session, by);
      requireCount(ids, expectedCount);
      if (ids.length > KEYS_AT_ONCE) return { left: ids, revoked: [] };
      const { part, revoked } = await endPart(session, ids);
      requireCount(part, expectedCount);
      return { left: [], revoked };
    });
    ended.push(...found.revoked);
    for (let first = 0; first < found.left.length; first += KEYS_AT_ONCE) {
      const ids = found.left.slice(first, first + KEYS_AT_ONCE);
      ended.push(...(await this.database.write(by, async (session) => (await endPart(session, ids)).revoked)));
    }
    const keys = await this.database.read(by, (session) => keysByIds(session, ended.slice(0, LIMITS.listed)));
    return { keys, count: ended.length };
  }

  private async revokeAllOf(by: Actor | SystemActor, ownerId: string, why: Reason): Promise<RevokedKeys> {
    const ended: string[] = [];
    for (;;) {
      const { part, answer } = await this.database.write(by, async (session) => {
        const part = await lockedIds(session, sql<boolean>`user_id = ${ownerId} and revoked_at is null`, KEYS_AT_ONCE);
        await this.end(session, by, part, why);
        const owner = await this.directory.user(session, ownerId);
        if (owner?.tenantId !== by.tenantId || isOfOther(by, ownerId)) throw new NotFound('User');
        // Fewer than at once prove nothing: a key that another transaction has just changed was left out.
        return { part, answer: part.length === 0 ? await keysOf(session, ownerId, ended) : undefined };
      });
      ended.push(...part);
      if (answer) return answer;
    }
  }

  /** Revokes locked keys, except the keys that were revoked before. @returns the ids of the keys that it revoked */
  private async end(
    session: Session,
    by: Actor | SystemActor,
    locked: readonly string[],
    { reason, note }: Reason,
  ): Promise<string[]> {
    const caller = await this.authority.caller(session, by);
    const { rows: revoked } = await sql<{ id: string; name: string }>`
      update api_keys
      set revoked_at = now(), revoked_by_id = ${caller?.id ?? null}, revocation_reason = ${reason},
          revocation_note = ${note}, version = version + 1
      where id = any(${[...locked]}::uuid[]) and revoked_at is null
      returning id, name`.execute(session);
    const revokedAt = await session.now();
    const changes = diffBetween({}, { revokedAt, revocationReason: reason, revocationNote: note });
    await record(session, by, ...revoked.map((key) => ({ kind: 'REVOKED', key, changes }) as const));
    return revoked.map(({ id }) => id);
  }

  /**
   * A key revokes itself. A key that was revoked meanwhile stays as it is.
   * @throws {Unauthenticated} when the key may no longer act
   */
  revokeOwn(by: ApiKeyPrincipal & { readonly ip?: string }): Promise<ApiKeyRow> {
    return this.database.write(by, async (session) => {
      const key = await this.authority.lockOwnKey(session, by);
      if (requireAllowed('revoke', key) === 'NOTHING') return key;
      await this.authority.presentedSecret(session, by, key);
      const revokedAt = await session.now();
      return change(session, by, key, 'REVOKED', { revokedAt, revocationReason: 'OTHER' });
    });
  }
}

function readRevocation(input: Input<Revocation>): ReturnType<typeof readKeysToRevoke> & Reason {
  const choice = readKeysToRevoke(input);
  const note = input.given('note')?.description() ?? null;
  return { ...choice, reason: input.value.reason, note };
}

/** Nobody ends more keys, or other keys, than the caller has counted. */
function requireCount({ length: actualCount }: readonly string[], expectedCount: number): void {
  if (actualCount !== expectedCount)
    throw new Conflict('COUNT_MISMATCH', `The filter would end ${actualCount} keys, not ${expectedCount}.`, {
      actualCount,
    });
}

/** True if a member names another user, who then counts as unknown. */
const isOfOther = (by: Actor | SystemActor, ownerId: string): boolean => isMember(by) && ownerId !== memberIdOf(by);

/**
 * Locks keys in the same order for every caller, so that two revocations of the same keys wait for each other and do not
 * deadlock.
 */
async function lockedIds(session: Session, wanted: RawBuilder<boolean>, most: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from api_keys where ${wanted} order by id limit ${most} for update`.execute(session);
  return rows.map(({ id }) => id);
}

/** The revoked keys of an owner; the keys in `first` come first. A key made since the last part is alive and not counted. */
async function keysOf(session: Session, ownerId: string, first: readonly string[]): Promise<RevokedKeys> {
  const listed = first.slice(0, LIMITS.listed);
  const { rows } = await sql<{ id: string; count: string }>`
    select id, count(*) over () as count from api_keys where user_id = ${ownerId} and revoked_at is not null
    order by id = any(${listed}::uuid[]) desc, id limit ${LIMITS.listed}`.execute(session);
  const keys = await keysByIds(
    session,
    rows.map(({ id }) => id),
  );
  return { keys, count: Number(rows[0]?.count ?? 0) };
}
