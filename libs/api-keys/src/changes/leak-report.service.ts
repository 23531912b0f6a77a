import { Injectable } from '@nestjs/common';
import { TenantDatabase, VerifierDatabase } from '#database';
import { LIMITS } from '#kernel';
import { ApiKeyFormat, hashKey } from '../keys/api-key.format.js';
import { change, requireAllowed } from './key-changes.js';
import { HOLDER_SQL, type SecretHolder } from './former-secrets.sql.js';
import { countedNetwork, normalisedAddress } from '../limits/networks.rules.js';
import { RateLimiter, rateLimited } from '../limits/rate-limiter.js';
import { lockKey } from '../keys/key-lock.js';
import { stateOfSecret } from '../keys/secrets.rules.js';

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
   * Revokes the key as COMPROMISED if this secret opens it, whatever white space was copied along. The reporter does not learn
   * whether it did.
   * @throws {RateLimited} for an address that reports too often, whatever it reports
   */
  async report(pasted: string, ip: string | undefined): Promise<void> {
    await this.consume(countedNetwork(ip));
    const plaintext = pasted.trim();
    if (!this.format.isWellFormed(plaintext)) return;
    const [holder] = await this.verifier.select<SecretHolder>('leak-report', HOLDER_SQL, [hashKey(plaintext)]);
    if (holder) await this.end(holder, normalisedAddress(ip));
  }

  private async end({ apiKeyId, tenantId, secretNumber }: SecretHolder, ip: string): Promise<void> {
    await this.database.write({ tenantId }, async (session) => {
      const key = await lockKey(session, apiKeyId);
      const presented = stateOfSecret(key, secretNumber, await session.clock());
      if (requireAllowed('revoke', key) === 'NOTHING' || presented === 'ENDED') return;
      const revocation = { revokedAt: await session.now(), revocationReason: 'COMPROMISED' } as const;
      await change(session, { kind: 'SYSTEM', tenantId, ip }, key, 'LEAK_REPORTED', revocation);
    });
  }

  private async consume(address: string): Promise<void> {
    const { requests: limit, windowSeconds } = LIMITS.leakReports;
    const verdict = await this.limiter.consume(`leak:${address}`, { limit, windowSeconds });
    if (verdict && !verdict.isAdmitted) throw rateLimited(verdict);
  }
}
