import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import type { Actor, ApiKeyPrincipal } from '#access';
import { type Session, TenantDatabase } from '#database';
import { type Input, LIMITS, NotFound } from '#kernel';
import { TenantDirectory } from '#tenancy';
import type { RevocationReason } from '../words.js';
import { type ApiKeyRow, keysByIds } from '../keys/api-key.reader.js';
import { record, type SystemActor } from '../audit/audit-trail.js';
import { diffBetween } from '../audit/changed-members.rules.js';
import { change, requireAllowed } from './key-changes.js';
import { KeyAuthority } from '../keys/key-authority.js';
import { type KeyChoice, readKeyChoice } from '../keys/key-choice.rules.js';

export interface Revocation extends KeyChoice {
  reason: RevocationReason;
  note?: string | null;
}

type Reason = Readonly<Required<Pick<Revocation, 'reason' | 'note'>>>;

export interface RevokedKeys {
  /** At most 100. */
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
   * Revokes all of the named keys, or none. The keys of an owner are revoked in parts, each part wholly: where a part fails, the
   * earlier parts stay revoked, and the same call again goes on. A key that is revoked already stays as it is.
   * @returns at most 100 keys, and their total number. Named keys keep the requested order; for an owner, the keys that this call
   *   has revoked come first.
   * @throws {InvalidInput} all problems at once
   * @throws {NotFound} when one of the keys, or the owner, is unknown or belongs to another tenant
   */
  async revoke(by: Actor | SystemActor, input: Input<Revocation>): Promise<RevokedKeys> {
    const { ids, ownerId, ...why } = input.read(readRevocation);
    if (ids) return this.database.write(by, (session) => this.revokeNamed(session, by, ids, why));
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
    await this.end(session, by, locked, why);
    return { keys: await keysByIds(session, ids), count: ids.length };
  }

  private async revokeAllOf(by: Actor | SystemActor, ownerId: string, why: Reason): Promise<RevokedKeys> {
    const ended: string[] = [];
    for (;;) {
      const { part, answer } = await this.database.write(by, async (session) => {
        const part = await lockedIds(session, sql<boolean>`user_id = ${ownerId} and revoked_at is null`, KEYS_AT_ONCE);
        await this.end(session, by, part, why);
        if ((await this.directory.user(session, ownerId))?.tenantId !== by.tenantId) throw new NotFound('User');
        // Fewer than at once prove nothing: a key that another transaction has just changed was left out.
        return { part, answer: part.length === 0 ? await keysOf(session, ownerId, ended) : undefined };
      });
      ended.push(...part);
      if (answer) return answer;
    }
  }

  /** Revokes locked keys, except the keys that were revoked before. */
  private async end(
    session: Session,
    by: Actor | SystemActor,
    locked: readonly string[],
    { reason, note }: Reason,
  ): Promise<void> {
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

function readRevocation(input: Input<Revocation>): ReturnType<typeof readKeyChoice> & Reason {
  const choice = readKeyChoice(input);
  const note = input.given('note')?.description() ?? null;
  return { ...choice, reason: input.value.reason, note };
}

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
