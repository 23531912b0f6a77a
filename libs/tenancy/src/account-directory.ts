import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { brokenUniqueConstraint, JobsDatabase, VerifierDatabase } from '#database';
import { type Account, ACCOUNT_BY_SUBJECT } from './account.sql.js';
import { keptEmail } from './email.js';

const TENANT_EXISTS = `select true as "exists" from tenants where id = $1`;

/**
 * Looks up users by the identity provider's data, and tenants that a super admin may name. Both lookups happen before the tenant
 * of the request is known.
 */
@Injectable()
export class AccountDirectory {
  constructor(
    private readonly verifier: VerifierDatabase,
    private readonly jobs: JobsDatabase,
  ) {}

  async bySubject(subject: string): Promise<Account | null> {
    const [account] = await this.verifier.select<Account>('account-by-subject', ACCOUNT_BY_SUBJECT, [subject]);
    return account ?? null;
  }

  /** True if the tenant exists, suspended or not: a super admin also looks after suspended tenants. */
  async tenantExists(tenantId: string): Promise<boolean> {
    return (await this.verifier.select('tenant-exists', TENANT_EXISTS, [tenantId])).length > 0;
  }

  /**
   * Binds the user with this verified e-mail to the identity provider's subject, unless either is bound already. Strangers can
   * cause this call as often as they like, so no verdict on an API key may depend on a subject.
   */
  async bindSubject(subject: string, verifiedEmail: string): Promise<void> {
    const email = keptEmail(verifiedEmail);
    if (email === undefined) return;
    const bind = sql`
      update users set subject = ${subject} where email = ${email} and subject is null and kind = 'HUMAN'`;
    try {
      await this.jobs.writeQuietly((session) => bind.execute(session));
    } catch (error) {
      // A concurrent request bound the subject to a user with another e-mail.
      if (brokenUniqueConstraint(error) !== 'users_subject_unique') throw error;
    }
  }
}
