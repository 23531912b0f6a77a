import { Injectable } from '@nestjs/common';
import type { UserRole } from '#access';
import { sql } from 'kysely';
import { brokenUniqueConstraint, JobsDatabase, type Session } from '#database';
import { Conflict, Input, InvalidInput, LIMITS, NotFound } from '#kernel';
import { keptEmail } from './email.js';
import type { TenancyTables, TenantRow, UserKind, UserRow } from './tenant-directory.js';

const EMAIL = /^[^\s@]+@[^\s@]+$/;
const EMAIL_LENGTH = 320;

export interface NewUser {
  /** Null for a super admin. */
  tenantId: string | null;
  email: string;
  name: string;
  role: UserRole;
  kind: UserKind;
}

/** What an operator can do to tenants and users from the command line. */
@Injectable()
export class TenancyAdministration {
  constructor(private readonly jobs: JobsDatabase) {}

  /** @throws {InvalidInput} for a name that breaks the rules */
  addTenant(name: string): Promise<TenantRow> {
    const trimmed = Input.argument('name', name).read((input) => input.text({ max: LIMITS.name }));
    return this.jobs.write((session) => insertTenant(session, trimmed));
  }

  /**
   * Creates a tenant and its first admin, in one transaction.
   * @throws {InvalidInput} naming `tenant`, `email` or both
   * @throws {Conflict} ALREADY_EXISTS: a user of some tenant has the e-mail
   */
  bootstrap(tenantName: string, adminEmail: string): Promise<{ tenant: TenantRow; admin: UserRow }> {
    const { name, email } = readTenantAndEmail(tenantName, adminEmail);
    return this.keepingEmailsUnique(email, async (session) => {
      const tenant = await insertTenant(session, name);
      const role = 'TENANT_ADMIN';
      const admin = await insertUser(session, { tenantId: tenant.id, role, kind: 'HUMAN', name: email, email });
      return { tenant, admin };
    });
  }

  /**
   * Creates a service account, and its tenant where no tenant has the name, in one transaction.
   * @throws {InvalidInput} naming `tenant`, `email` or both
   * @throws {Conflict} ALREADY_EXISTS: a user of some tenant has the e-mail
   */
  addServiceAccount(
    tenantName: string,
    accountEmail: string,
    role: UserRole,
  ): Promise<{ tenant: TenantRow; account: UserRow }> {
    const { name, email } = readTenantAndEmail(tenantName, accountEmail);
    return this.keepingEmailsUnique(email, async (session) => {
      const tenant = (await tenantNamed(session, name)) ?? (await insertTenant(session, name));
      const account = { tenantId: tenant.id, role, kind: 'SERVICE', name: email, email } as const;
      return { tenant, account: await insertUser(session, account) };
    });
  }

  tenants(): Promise<TenantRow[]> {
    return this.jobs.read((session) =>
      session.tables<TenancyTables>().selectFrom('tenants').selectAll().orderBy('name').orderBy('id').execute(),
    );
  }

  /** @throws {NotFound} */
  async tenant(id: string): Promise<TenantRow> {
    const tenantId = readTenantId(id);
    return this.jobs.read((session) => tenantOf(session, tenantId));
  }

  /**
   * Suspends or resumes a tenant. A repeated call changes nothing.
   * @throws {NotFound}
   */
  async setSuspended(tenantId: string, isSuspended: boolean): Promise<TenantRow> {
    const id = readTenantId(tenantId);
    return this.jobs.write(async (session) => {
      await session
        .tables<TenancyTables>()
        .updateTable('tenants')
        .set({ suspendedAt: isSuspended ? sql<Date>`now()` : null })
        .where('id', '=', id)
        .where('suspendedAt', isSuspended ? 'is' : 'is not', null)
        .execute();
      return tenantOf(session, id);
    });
  }

  /**
   * @throws {InvalidInput} naming each bad member
   * @throws {NotFound} no such tenant
   * @throws {Conflict} ALREADY_EXISTS: a user of some tenant has the e-mail
   */
  addUser(user: NewUser): Promise<UserRow> {
    const { tenantId: tenant, ...members } = user;
    const read = new Input({ tenant, ...members }).read(readNewUser);
    return this.keepingEmailsUnique(read.email, async (session) => {
      if (read.tenantId !== null) await tenantOf(session, read.tenantId);
      return insertUser(session, read);
    });
  }

  /** The users of one tenant; the users of all tenants where none is named. */
  async users(tenantId: string | undefined): Promise<UserRow[]> {
    const id = tenantId === undefined ? undefined : readTenantId(tenantId);
    return this.jobs.read((session) => {
      const users = session.tables<TenancyTables>().selectFrom('users').selectAll().orderBy('name').orderBy('id');
      return (id === undefined ? users : users.where('tenantId', '=', id)).execute();
    });
  }

  /**
   * @param email upper and lower case are the same
   * @throws {NotFound}
   */
  user(email: string): Promise<UserRow> {
    return this.jobs.read((session) => userOf(session, email));
  }

  /**
   * @param email upper and lower case are the same
   * @throws {NotFound}
   */
  changeUser(email: string, change: { isActive?: boolean; role?: UserRole }): Promise<UserRow> {
    return this.jobs.write(async (session) => {
      const user = await userOf(session, email);
      if (change.role && (change.role === 'SUPER_ADMIN') !== (user.tenantId === null))
        throw new Conflict(
          'INVALID_STATE',
          'A user of a tenant cannot become SUPER_ADMIN, and a SUPER_ADMIN cannot become a user of a tenant.',
        );
      if (Object.keys(change).length === 0) return user;
      const changed = session.tables<TenancyTables>().updateTable('users').set(change).where('id', '=', user.id);
      return changed.returningAll().executeTakeFirstOrThrow();
    });
  }

  private async keepingEmailsUnique<Result>(
    email: string,
    work: (session: Session) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await this.jobs.write(work);
    } catch (error) {
      if (brokenUniqueConstraint(error) === 'users_email_unique')
        throw new Conflict('ALREADY_EXISTS', `A user with the e-mail ${email} already exists.`);
      throw error;
    }
  }
}

async function userOf(session: Session, email: string): Promise<UserRow> {
  const kept = keptEmail(email);
  const users = session.tables<TenancyTables>().selectFrom('users').selectAll();
  const user = kept === undefined ? undefined : await users.where('email', '=', kept).executeTakeFirst();
  if (!user) throw new NotFound('User');
  return user;
}

/** @throws {NotFound} */
async function tenantOf(session: Session, id: string): Promise<TenantRow> {
  const tenants = session.tables<TenancyTables>().selectFrom('tenants').selectAll();
  const tenant = await tenants.where('id', '=', id).executeTakeFirst();
  if (!tenant) throw new NotFound('Tenant');
  return tenant;
}

/** @throws {InvalidInput} naming `tenant` where several tenants have the name */
async function tenantNamed(session: Session, name: string): Promise<TenantRow | undefined> {
  const tenants = session.tables<TenancyTables>().selectFrom('tenants').selectAll();
  const [tenant, another] = await tenants.where('name', '=', name).limit(2).execute();
  if (another)
    throw new InvalidInput([{ path: ['tenant'], code: 'DUPLICATE', message: 'is the name of several tenants.' }]);
  return tenant;
}

function insertTenant(session: Session, name: string): Promise<TenantRow> {
  const tenants = session.tables<TenancyTables>().insertInto('tenants').values({ name });
  return tenants.returningAll().executeTakeFirstOrThrow();
}

function insertUser(session: Session, user: NewUser): Promise<UserRow> {
  const users = session.tables<TenancyTables>().insertInto('users').values(user);
  return users.returningAll().executeTakeFirstOrThrow();
}

/** The id that an operator names a tenant by. @throws {InvalidInput} for an id that is no UUID */
const readTenantId = (id: string): string => Input.argument('tenant', id).read((input) => input.id());

const readTenantAndEmail = (tenant: string, email: string): { name: string; email: string } =>
  new Input({ tenant, email }).read((input) => ({
    name: input.at('tenant').text({ max: LIMITS.name }),
    email: readEmail(input.at('email')),
  }));

function readNewUser(input: Input<Omit<NewUser, 'tenantId'> & { tenant: string | null }>): NewUser {
  const { role, kind } = input.value;
  const name = input.at('name').text({ max: LIMITS.name });
  const email = readEmail(input.at('email'));
  const tenantId = input.given('tenant')?.id() ?? null;
  if ((role === 'SUPER_ADMIN') !== (tenantId === null))
    input.at('tenant').refuse('REQUIRED', 'every role but SUPER_ADMIN needs a tenant, and SUPER_ADMIN has none.');
  return { tenantId, role, kind, name, email };
}

function readEmail(input: Input<string>): string {
  const email = keptEmail(input.text({ max: EMAIL_LENGTH }));
  if (email === undefined || !EMAIL.test(email)) input.refuse('MALFORMED', 'is not an e-mail address.');
  return email ?? '';
}
