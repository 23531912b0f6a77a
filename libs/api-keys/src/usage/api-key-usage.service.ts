import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { isMember, type TenantPrincipal } from '#access';
import { TenantDatabase } from '#database';
import { Clock, Input, LIMITS, loaderOf, NotFound } from '#kernel';
import { TenantDirectory } from '#tenancy';
import { readUsageRange, type RequestedUsage } from './usage-buckets.rules.js';
import { type BucketCounts, bucketsOf, recentUseOf, type RecentUse, scopeUseOf } from './api-key-usage.sql.js';
import { type KeyAddress, recentAddressesOf } from './key-addresses.sql.js';
import { type ApiKeyRow, keysByIds } from '../keys/api-key.reader.js';
import { AdministratorRequired } from '../keys/member.errors.js';
import { type KeyChoice, readKeyChoice } from '../keys/key-choice.rules.js';

export interface UsagePoint extends BucketCounts {
  start: Date;
}
export interface KeyImpact extends RecentUse {
  key: ApiKeyRow;
}

const NO_USE: RecentUse = { requestsLast24h: 0, scopesUsedLast30d: [] };

/** What keys were used for. All keys that one request asks about are read together, once for each kind of question. */
@Injectable()
export class ApiKeyUsageService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly directory: TenantDirectory,
    private readonly clock: Clock,
  ) {}

  /**
   * Requests of a key in every bucket that the range touches, including empty buckets.
   * @throws {InvalidInput} for a range that is empty, too long, or no longer kept
   */
  async usage(
    request: object,
    by: TenantPrincipal,
    keyId: string,
    { from, to, bucket }: RequestedUsage,
  ): Promise<UsagePoint[]> {
    const range = readUsageRange(new Input({ from, to, bucket }), this.clock.now());
    const name = `api-key-usage ${bucket} ${from.getTime()} ${to.getTime()}`;
    const counts = await loaderOf(request, name, (ids) =>
      this.database.readForDisplay(by, (session) => bucketsOf(session, ids, range)),
    ).load(keyId);
    return range.starts.map((start) => ({ start, ...(counts?.get(start.getTime()) ?? { allowed: 0, denied: 0 }) }));
  }

  /** The last ten addresses that the key was used from, most recent first. */
  async recentAddresses(request: object, by: TenantPrincipal, keyId: string): Promise<KeyAddress[]> {
    const addresses = await loaderOf(request, 'api-key-addresses', (ids) =>
      this.database.readForDisplay(by, (session) => recentAddressesOf(session, ids)),
    ).load(keyId);
    return addresses ?? [];
  }

  /** The scopes of `scopes` that no request of the key has needed since the given instant. */
  async unusedScopes(
    request: object,
    by: TenantPrincipal,
    key: { id: string; scopes: readonly string[] },
    since: Date,
  ): Promise<string[]> {
    const uses = await loaderOf(request, 'api-key-scope-use', (ids) =>
      this.database.readForDisplay(by, (session) => scopeUseOf(session, ids)),
    ).load(key.id);
    return key.scopes.filter((scope) => !((uses?.get(scope) ?? -Infinity) >= since.getTime()));
  }

  /**
   * What stops working when these keys stop, in the requested order. For an owner: the owner's keys that are not revoked, last
   * used first, at most 100.
   * @throws {InvalidInput} all problems at once
   * @throws {NotFound} when one of the keys, or the owner, is unknown or belongs to another tenant
   * @throws {AdministratorRequired} a member asks for an owner
   */
  async revocationImpact(request: object, by: TenantPrincipal, choice: KeyChoice): Promise<KeyImpact[]> {
    const { ids, ownerId } = new Input(choice).read(readKeyChoice);
    if (ownerId && isMember(by))
      throw new AdministratorRequired('Only an administrator may ask for all keys of a user.');
    if (ownerId && (await this.directory.userOf(request, by, ownerId))?.tenantId !== by.tenantId)
      throw new NotFound('User');
    return this.database.read(by, async (session) => {
      const wanted =
        ids ??
        (
          await sql<{ id: string }>`
            select id from api_keys where user_id = ${ownerId} and revoked_at is null
            order by last_used_at desc nulls last, id limit ${LIMITS.listed}`.execute(session)
        ).rows.map(({ id }) => id);
      const keys = await keysByIds(session, wanted);
      if (keys.length < wanted.length) throw new NotFound('API key');
      const uses = await recentUseOf(session, wanted);
      return keys.map((key) => ({ key, ...(uses.get(key.id) ?? NO_USE) }));
    });
  }
}
