import { Injectable } from '@nestjs/common';
import type { UserRole } from '#access';
import { raw } from '@mikro-orm/core';
import { brokenUniqueConstraint, JobsDatabase, type Session } from '#database';
import { Conflict, LIMITS, NotFound, Problems, readId, readText, requireId } from '#kernel';
import { keptEmail } from './email.js';
import { Tenant } from './tenant.entity.js';
import { User } from './user.entity.js';

const EMAIL = /^[^\s@]+@[^\s@]+$/;
const EMAIL_LENGTH = 320;

export interface NewUser {
  /** Null for a super admin. */
  tenantId: string | null;
  email: string;
  name: string;
  role: UserRole;
  kind: 'HUMAN' | 'SERVICE';
}

/** What an operator does to tenants and users, from the command line. */
@Injectable()
export class TenancyAdministration {
  constructor(private readonly jobs: JobsDatabase) {}

  /** @throws {InvalidInput} for a name that is none */
  addTenant(name: string): Promise<Tenant> {
    const problems = new Problems();
    const trimmed = readText(name, { max: LIMITS.name }, ['name'], problems);
    problems.throwIfAny();
    return this.jobs.run(async (em) => {
      const tenant = em.create(Tenant, { name: trimmed });
      await em.flush();
      return tenant;
    });
  }

  /**
   * A tenant and its first admin: both, or neither.
   * @throws {InvalidInput} naming `tenant`, `email` or both
   * @throws {Conflict} ALREADY_EXISTS: the e-mail is taken, in whatever tenant
   */
  bootstrap(tenantName: string, adminEmail: string): Promise<{ tenant: Tenant; admin: User }> {
    const problems = new Problems();
    const name = readText(tenantName, { max: LIMITS.name }, ['tenant'], problems);
    const email = readEmail(adminEmail, problems);
    problems.throwIfAny();
    return this.keepingEmailsUnique(email, async (em) => {
      const tenant = em.create(Tenant, { name });
      await em.flush();
      const admin = em.create(User, { tenantId: tenant.id, role: 'TENANT_ADMIN', kind: 'HUMAN', name: email, email });
      await em.flush();
      return { tenant, admin };
    });
  }

  tenants(): Promise<Tenant[]> {
    return this.jobs.runQuietly((em) => em.find(Tenant, {}, { orderBy: { name: 'asc', id: 'asc' } }));
  }

  /** @throws {NotFound} */
  async tenant(id: string): Promise<Tenant> {
    const tenant = await this.jobs.runQuietly((em) => em.findOne(Tenant, { id: requireId(id, ['tenant']) }));
    if (!tenant) throw new NotFound('Tenant');
    return tenant;
  }

  /**
   * Suspends or resumes; repeating it changes nothing.
   * @throws {NotFound}
   */
  setSuspended(tenantId: string, isSuspended: boolean): Promise<Tenant> {
    return this.jobs.run(async (em) => {
      const tenant = await em.findOne(Tenant, { id: requireId(tenantId, ['tenant']) });
      if (!tenant) throw new NotFound('Tenant');
      if (isSuspended !== (tenant.suspendedAt !== null)) tenant.suspendedAt = isSuspended ? raw('now()') : null;
      return tenant;
    });
  }

  /**
   * @throws {InvalidInput} naming each bad member
   * @throws {NotFound} no such tenant
   * @throws {Conflict} ALREADY_EXISTS: the e-mail is taken, in whatever tenant
   */
  addUser(user: NewUser): Promise<User> {
    const problems = new Problems();
    const name = readText(user.name, { max: LIMITS.name }, ['name'], problems);
    const email = readEmail(user.email, problems);
    const tenantId = user.tenantId === null ? null : readId(user.tenantId, ['tenant'], problems);
    if ((user.role === 'SUPER_ADMIN') !== (tenantId === null))
      problems.add(['tenant'], 'REQUIRED', 'every role but SUPER_ADMIN needs a tenant, and SUPER_ADMIN has none.');
    problems.throwIfAny();
    return this.keepingEmailsUnique(email, async (em) => {
      if (tenantId !== null && !(await em.findOne(Tenant, { id: tenantId }))) throw new NotFound('Tenant');
      const { role, kind } = user;
      const added = em.create(User, { tenantId, role, kind, name, email });
      await em.flush();
      return added;
    });
  }

  /** Users of one tenant; without one, of all. */
  users(tenantId: string | undefined): Promise<User[]> {
    const where = tenantId === undefined ? {} : { tenantId: requireId(tenantId, ['tenant']) };
    return this.jobs.runQuietly((em) => em.find(User, where, { orderBy: { name: 'asc', id: 'asc' } }));
  }

  /**
   * @param email in whatever case
   * @throws {NotFound}
   */
  user(email: string): Promise<User> {
    return this.jobs.runQuietly((em) => userOf(em, email));
  }

  /**
   * @param email in whatever case
   * @throws {NotFound}
   */
  changeUser(email: string, change: { isActive?: boolean; role?: UserRole }): Promise<User> {
    return this.jobs.run(async (em) => {
      const user = await userOf(em, email);
      if (change.role && (change.role === 'SUPER_ADMIN') !== (user.tenantId === null))
        throw new Conflict('INVALID_STATE', 'A user of a tenant cannot become SUPER_ADMIN, nor the other way round.');
      em.assign(user, change);
      return user;
    });
  }

  private async keepingEmailsUnique<Result>(email: string, work: (em: Session) => Promise<Result>): Promise<Result> {
    try {
      return await this.jobs.run(work);
    } catch (error) {
      if (brokenUniqueConstraint(error) === 'users_email_unique')
        throw new Conflict('ALREADY_EXISTS', `There is a user with the e-mail ${email}.`);
      throw error;
    }
  }
}

async function userOf(em: Session, email: string): Promise<User> {
  const kept = keptEmail(email);
  const user = kept === undefined ? null : await em.findOne(User, { email: kept });
  if (!user) throw new NotFound('User');
  return user;
}

function readEmail(text: string, problems: Problems): string {
  const email = keptEmail(readText(text, { max: EMAIL_LENGTH }, ['email'], problems));
  if (email === undefined || !EMAIL.test(email)) problems.add(['email'], 'MALFORMED', 'is not an e-mail address.');
  return email ?? '';
}
