import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { brokenUniqueConstraint, JobsDatabase, VerifierDatabase } from '#database';
import { type Account, ACCOUNT_BY_SUBJECT } from './account.sql.js';
import { keptEmail } from './email.js';

const TENANT_EXISTS = `select true as "exists" from tenants where id = $1`;

/** Users as the identity provider knows them, and tenants that a super admin may name: both before a tenant is known. */
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

  /** Is there such a tenant, suspended or not? Whoever may name any tenant still looks after a suspended one. */
  async tenantExists(tenantId: string): Promise<boolean> {
    return (await this.verifier.select('tenant-exists', TENANT_EXISTS, [tenantId])).length > 0;
  }

  /**
   * Ties the person with this verified e-mail to the identity provider's subject, unless either is tied already.
   * Strangers ask for it as often as they like; no verdict on a key rests on a subject.
   */
  async bindSubject(subject: string, verifiedEmail: string): Promise<void> {
    const email = keptEmail(verifiedEmail);
    if (email === undefined) return;
    const bind = sql`
      update users set subject = ${subject} where email = ${email} and subject is null and kind = 'HUMAN'`;
    try {
      await this.jobs.writeQuietly((session) => bind.execute(session));
    } catch (error) {
      // A request at the same time, with another e-mail, was first.
      if (brokenUniqueConstraint(error) !== 'users_subject_unique') throw error;
    }
  }
}
