import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import { type Session, type TenantBound, TenantDatabase } from '#database';
import { loaderOf } from '#kernel';
import type { TenantTable } from './tenant.entity.js';
import type { UserTable } from './user.entity.js';

export type TenantRow = Selectable<TenantTable>;
export type UserRow = Selectable<UserTable>;
export type UserKind = UserRow['kind'];
export interface TenancyTables {
  tenants: TenantTable;
  users: UserTable;
}

/** What other rooms may ask about the tenant of a request and about its users. */
@Injectable()
export class TenantDirectory {
  constructor(private readonly database: TenantDatabase) {}

  /** The tenant that `by` acts in. */
  async tenant(by: TenantBound): Promise<TenantRow | null> {
    if (by.tenantId === null) return null;
    const { tenantId } = by;
    const row = await this.database.read(by, (session) =>
      session.tables<TenancyTables>().selectFrom('tenants').selectAll().where('id', '=', tenantId).executeTakeFirst(),
    );
    return row ?? null;
  }

  /**
   * A user whom this tenant may see: one of its own, or a platform user who acted in the tenant. All users that one request asks
   * for are read together.
   */
  userOf(request: object, by: TenantBound, id: string): Promise<UserRow | null> {
    return loaderOf(request, 'users', (ids) => this.users(by, ids)).load(id);
  }

  /** The same user, as the transaction of `session` sees the row now. */
  async user(session: Session, id: string): Promise<UserRow | null> {
    const row = await session
      .tables<TenancyTables>()
      .selectFrom('users')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row ?? null;
  }

  /** True for a tenant that is suspended or gone, as the transaction of `session` sees it now. */
  async isSuspended(session: Session, tenantId: string): Promise<boolean> {
    const tenants = session.tables<TenancyTables>().selectFrom('tenants').select('suspendedAt');
    const tenant = await tenants.where('id', '=', tenantId).executeTakeFirst();
    return tenant?.suspendedAt !== null;
  }

  /**
   * The people of a tenant who can get mail: active persons, no service accounts, among `ids` and with `admins` all administrators.
   * For sessions of jobs.
   */
  async reachable(
    session: Session,
    tenantId: string,
    { ids, admins }: { ids: readonly string[]; admins: boolean },
  ): Promise<Pick<UserRow, 'id' | 'email'>[]> {
    return session
      .tables<TenancyTables>()
      .selectFrom('users')
      .select(['id', 'email'])
      .where('tenantId', '=', tenantId)
      .where('isActive', '=', true)
      .where('kind', '=', 'HUMAN')
      .where(sql<boolean>`(id = any(${[...ids]}::uuid[]) or (${admins} and role = 'TENANT_ADMIN'))`)
      .execute();
  }

  private async users(by: TenantBound, ids: readonly string[]): Promise<Map<string, UserRow>> {
    const rows = await this.database.read(by, (session) =>
      session
        .tables<TenancyTables>()
        .selectFrom('users')
        .selectAll()
        .where(sql<boolean>`id = any(${[...ids]}::uuid[])`)
        .execute(),
    );
    return new Map(rows.map((row) => [row.id, row]));
  }
}
