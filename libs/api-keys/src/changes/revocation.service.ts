import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import type { Actor, ApiKeyPrincipal } from '#access';
import { type Session, TenantDatabase } from '#database';
import { type Input, LIMITS, NotFound } from '#kernel';
import { TenantDirectory } from '#tenancy';
import type { RevocationReason } from '../words.js';
import { type ApiKeyRow, keysByIds } from '../keys/api-key.reader.js';
import { record, type SystemActor } from '../audit/audit-trail.js';
import { changesBetween } from '../audit/changed-members.rules.js';
import { admit, change } from './key-changes.js';
import { KeyAuthority } from '../keys/key-authority.js';
import { type KeyChoice, readKeyChoice } from '../keys/key-choice.rules.js';

export interface Revocation extends KeyChoice {
  reason: RevocationReason;
  note?: string | null;
}

/** Ends keys for good. The rows stay, for audit. */
@Injectable()
export class RevocationService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly authority: KeyAuthority,
    private readonly directory: TenantDirectory,
  ) {}

  /**
   * Revokes all of the keys or none; one that is revoked already stays as it is.
   * @returns the keys in the order asked for, at most 100, and how many there are
   * @throws {InvalidInput} all problems at once
   * @throws {NotFound} when one of the keys, or the owner, is unknown or another tenant's
   */
  revoke(by: Actor | SystemActor, input: Input<Revocation>): Promise<{ keys: ApiKeyRow[]; count: number }> {
    const { ids, ownerId } = readKeyChoice(input);
    const note = input.at('note').description();
    input.throwIfRefused();
    const { reason } = input.value;
    return this.database.write(by, async (session) => {
      const wanted = ids ? sql<boolean>`id = any(${ids}::uuid[])` : sql<boolean>`user_id = ${ownerId}`;
      const locked = await lockedIds(session, wanted);
      const caller = await this.authority.caller(session, by);
      if (ids && locked.length < ids.length) throw new NotFound('API key');
      if (ownerId && (await this.directory.user(session, ownerId))?.tenantId !== by.tenantId)
        throw new NotFound('User');
      const { rows: revoked } = await sql<{ id: string; name: string }>`
        update api_keys
        set revoked_at = now(), revoked_by_id = ${caller?.id ?? null}, revocation_reason = ${reason},
            revocation_note = ${note}, version = version + 1
        where id = any(${locked}::uuid[]) and revoked_at is null
        returning id, name`.execute(session);
      const revokedAt = await session.now();
      const changes = changesBetween({}, { revokedAt, revocationReason: reason, revocationNote: note });
      await record(session, by, ...revoked.map((key) => ({ kind: 'REVOKED', key, changes }) as const));
      const keys = await keysByIds(session, (ids ?? locked).slice(0, LIMITS.listed));
      return { keys, count: locked.length };
    });
  }

  /**
   * A key ends itself; one that has been ended meanwhile stays as it is.
   * @throws {Unauthenticated} when the key may no longer act
   */
  revokeOwn(by: ApiKeyPrincipal & { readonly ip?: string }): Promise<ApiKeyRow> {
    return this.database.write(by, async (session) => {
      const key = await this.authority.lockOwnKey(session, by);
      if (admit('revoke', key) === 'NOTHING') return key;
      await this.authority.presentedSecret(session, by, key);
      const revokedAt = await session.now();
      return change(session, by, key, 'REVOKED', { revokedAt, revocationReason: 'OTHER' });
    });
  }
}

/** In one order for everyone, so that two revocations of the same keys wait for each other and do not deadlock. */
async function lockedIds(session: Session, wanted: RawBuilder<boolean>): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from api_keys where ${wanted} order by id for update`.execute(session);
  return rows.map(({ id }) => id);
}
