import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { TenantPrincipal } from '#access';
import { keysetPage, type KeysetOrder, type Session, showable, TenantDatabase } from '#database';
import { filterPage, Input, type Page, type PageArguments, readPage } from '#kernel';
import type { UserRow } from './tenant-directory.js';
import type { UserTable } from './user.entity.js';

interface Tables {
  users: UserTable;
}

const isShown = showable<UserRow>('users', 'createdAt');
const BY_NAME: KeysetOrder = {
  columns: [
    { expression: sql`lower(name) collate "C"`, type: 'text' },
    { expression: sql.ref('id'), type: 'uuid' },
  ],
  direction: 'asc',
  list: ['users'],
};

/**
 * The users of the caller's tenant, by name. Row level security would also show platform users, since they act in the tenant;
 * this list leaves them out.
 */
@Injectable()
export class UserList {
  constructor(private readonly database: TenantDatabase) {}

  /** @throws {InvalidInput} for page arguments out of range and for cursors of another list */
  page(by: TenantPrincipal, page: PageArguments): Promise<Page<UserRow>> {
    const request = new Input(page).read(readPage);
    return this.database.read(by, async (session) =>
      filterPage(await keysetPage(own(session, by).selectAll(), BY_NAME, request), isShown),
    );
  }

  count(by: TenantPrincipal): Promise<number> {
    return this.database.read(by, async (session) => {
      const counted = await own(session, by)
        .select(sql<string>`count(*)`.as('count'))
        .executeTakeFirst();
      return Number(counted?.count ?? 0);
    });
  }
}

const own = (session: Session, by: TenantPrincipal) =>
  session.tables<Tables>().selectFrom('users').where('tenantId', '=', by.tenantId);
