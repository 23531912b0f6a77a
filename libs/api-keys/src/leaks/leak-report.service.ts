import { Injectable } from '@nestjs/common';
import { TenantDatabase, VerifierDatabase } from '#database';
import { type Input, LIMITS } from '#kernel';
import { change, requireAllowed } from '../changes/key-changes.js';
import { ApiKeyFormat, hashKey } from '../keys/api-key.format.js';
import { lockKey } from '../keys/key-lock.js';
import { stateOfSecret } from '../keys/secrets.rules.js';
import { countedNetwork, normalisedAddress } from '../limits/networks.rules.js';
import { RateLimiter, rateLimited } from '../limits/rate-limiter.js';
import { foundAtOf, type LeakedKey } from './found-at.rules.js';
import { HOLDERS_SQL, type SecretHolder } from './secret-holders.sql.js';

/** Keys that one report ends at the same time: some of the connections stay for requests. */
const ENDED_AT_ONCE = 4;

/** Ends keys that were found in public. Everyone who has the key may end it: the key itself is the proof. */
@Injectable()
export class LeakReportService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly verifier: VerifierDatabase,
    private readonly format: ApiKeyFormat,
    private readonly limiter: RateLimiter,
  ) {}

  /**
   * Takes a report of anybody. The reporter does not learn whether there was such a key. One call is one report, however many
   * keys it names.
   * @throws {RateLimited} for an address that reports too often, whatever it reports
   * @throws {InvalidInput} TOO_MANY
   */
  async report(leaks: Input<readonly LeakedKey[]>, ip: string | undefined): Promise<void> {
    await this.consume(countedNetwork(ip));
    const { keys: most } = LIMITS.leakReports;
    if (leaks.value.length > most) leaks.refuse('TOO_MANY', `may name at most ${most} keys.`);
    leaks.throwIfRefused();
    await this.end(leaks.value, ip);
  }

  /**
   * Revokes each key as COMPROMISED if its secret still opens it, whatever white space was copied along. The same call again
   * changes nothing more, so a call that failed in between may be repeated.
   * @returns for each of them, whether it is a secret of one of our keys, ended or not
   * @throws {ServiceUnavailable}
   */
  async end(leaks: readonly LeakedKey[], ip: string | undefined): Promise<boolean[]> {
    const hashes = leaks.map(({ key }) => this.hashOf(key.trim()));
    const holders = await this.holdersOf(hashes.filter((hash) => hash !== undefined));
    const found = leaks.flatMap((leak, index) => {
      const holder = holders.get(hashes[index] ?? '');
      return holder ? [{ holder, foundAt: foundAtOf(leak, (text) => this.format.withoutSecrets(text)) }] : [];
    });
    // Of several secrets of one key, the first in the report says where the key was found.
    const byKey = Map.groupBy(found, ({ holder }) => holder.apiKeyId).values();
    const endSome = async () => {
      for (const leaksOfKey of byKey)
        for (const { holder, foundAt } of leaksOfKey) await this.endOne(holder, foundAt, normalisedAddress(ip));
    };
    const ends = await Promise.allSettled(Array.from({ length: ENDED_AT_ONCE }, endSome));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    return hashes.map((hash) => holders.has(hash ?? ''));
  }

  private hashOf(plaintext: string): string | undefined {
    return this.format.isWellFormed(plaintext) ? hashKey(plaintext) : undefined;
  }

  private async holdersOf(hashes: readonly string[]): Promise<Map<string, SecretHolder>> {
    if (hashes.length === 0) return new Map();
    const found = await this.verifier.select<SecretHolder>('leak-report', HOLDERS_SQL, [hashes]);
    return new Map(found.map((holder) => [holder.hash, holder]));
  }

  private async endOne(
    { apiKeyId, tenantId, secretNumber }: SecretHolder,
    foundAt: string | null,
    ip: string,
  ): Promise<void> {
    await this.database.write({ tenantId }, async (session) => {
      const key = await lockKey(session, apiKeyId);
      const presented = stateOfSecret(key, secretNumber, await session.clock());
      if (requireAllowed('revoke', key) === 'NOTHING' || presented === 'ENDED') return;
      const revocation = { revokedAt: await session.now(), revocationReason: 'COMPROMISED' } as const;
      await change(session, { kind: 'SYSTEM', tenantId, ip, foundAt }, key, 'LEAK_REPORTED', revocation);
    });
  }

  private async consume(address: string): Promise<void> {
    const { requests: limit, windowSeconds } = LIMITS.leakReports;
    const verdict = await this.limiter.consume(`leak:${address}`, { limit, windowSeconds });
    if (verdict && !verdict.isAdmitted) throw rateLimited(verdict);
  }
}
