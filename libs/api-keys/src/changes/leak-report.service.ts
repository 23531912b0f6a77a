import { Injectable } from '@nestjs/common';
import { TenantDatabase, VerifierDatabase } from '#database';
import { LIMITS } from '#kernel';
import { ApiKeyFormat, hashKey } from '../keys/api-key.format.js';
import { admit, change } from './key-changes.js';
import { countedNetwork, normalisedAddress } from '../limits/networks.rules.js';
import { RateLimiter, rateLimited } from '../limits/rate-limiter.js';
import { lockKey } from '../keys/key-lock.js';
import { stateOfSecret } from '../keys/secrets.rules.js';

interface Holder {
  apiKeyId: string;
  tenantId: string;
  secretNumber: number;
}

/** Whose secret a plaintext is, whatever has become of the key. */
const HOLDER = `
  select id as "apiKeyId", tenant_id as "tenantId", secret_number as "secretNumber" from api_keys where key_hash = $1
  union all
  select former.api_key_id, former.tenant_id, former.secret_number
  from api_key_former_secrets former join api_keys on (api_keys.id, api_keys.tenant_id) = (former.api_key_id, former.tenant_id)
  where former.key_hash = $1`;

/** Ends keys that somebody found where they should not be. Whoever holds the key may end it: that is its proof. */
@Injectable()
export class LeakReportService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly verifier: VerifierDatabase,
    private readonly format: ApiKeyFormat,
    private readonly limiter: RateLimiter,
  ) {}

  /**
   * Revokes the key as COMPROMISED, whatever white space was copied along with it, if this secret opens it; nothing tells the reporter whether it did.
   * @throws {RateLimited} an address that reports too often, with whatever
   */
  async report(pasted: string, ip: string | undefined): Promise<void> {
    await this.consume(countedNetwork(ip));
    const plaintext = pasted.trim();
    if (!this.format.isWellFormed(plaintext)) return;
    const [holder] = await this.verifier.select<Holder>('leak-report', HOLDER, [hashKey(plaintext)]);
    if (holder) await this.end(holder, normalisedAddress(ip));
  }

  private async end({ apiKeyId, tenantId, secretNumber }: Holder, ip: string): Promise<void> {
    await this.database.write({ tenantId }, async (session) => {
      const key = await lockKey(session, apiKeyId);
      const presented = stateOfSecret(key, secretNumber, await session.clock());
      if (admit('revoke', key) === 'NOTHING' || presented === 'ENDED') return;
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
