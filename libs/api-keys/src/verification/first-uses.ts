import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Unauthenticated } from '#access';
import { TenantDatabase } from '#database';

/** First uses of new secrets: from the first use on, the old secret may not rotate any more. */
@Injectable()
export class FirstUses {
  constructor(private readonly database: TenantDatabase) {}

  /**
   * Records that the newest secret of a key is in use, before its request goes on, so that a later rotation on any instance sees
   * it. One write per rotation.
   * @throws {Unauthenticated} REVOKED_KEY: an earlier rotation has replaced this secret
   * @throws {ServiceUnavailable}
   */
  async note(use: { tenantId: string; apiKeyId: string; secretNumber: number }): Promise<void> {
    const { numAffectedRows = 0n } = await this.database.write(use, (session) =>
      sql`
        update api_keys set new_first_used_at = coalesce(new_first_used_at, now())
        where id = ${use.apiKeyId}::uuid and secret_number = ${use.secretNumber}`.execute(session),
    );
    if (numAffectedRows === 0n) throw new Unauthenticated('REVOKED_KEY');
  }
}
