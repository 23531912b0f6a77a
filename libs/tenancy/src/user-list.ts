import { Injectable } from '@nestjs/common';
import { type Kysely, sql } from 'kysely';
import type { TenantPrincipal } from '#access';
import { keysetPage, type KeysetOrder, TenantDatabase } from '#database';
import { type Page, type PageArguments, readPage } from '#kernel';
import type { UserRow } from './tenant-directory.js';
import type { UserTable } from './user.entity.js';

interface Tables {
  users: UserTable;
}

const BY_NAME: KeysetOrder = {
  columns: [
    { expression: sql`lower(name) collate "C"`, type: 'text' },
    { expression: sql.ref('id'), type: 'uuid' },
  ],
  direction: 'asc',
  list: ['users'],
};

/**
 * The users of the caller's tenant, by name. Row level security would show those of the platform too, since they act
 * in the tenant: a list of the tenant's own leaves them out.
 */
@Injectable()
export class UserList {
  constructor(private readonly database: TenantDatabase) {}

  /** @throws {InvalidInput} for page arguments out of range and for cursors of another list */
  page(by: TenantPrincipal, page: PageArguments): Promise<Page<UserRow>> {
    const request = readPage(page);
    return this.database.read<Tables, Page<UserRow>>(by, (db) => keysetPage(own(db, by).selectAll(), BY_NAME, request));
  }

  count(by: TenantPrincipal): Promise<number> {
    return this.database.read<Tables, number>(by, async (db) => {
      const counted = await own(db, by)
        .select(sql<string>`count(*)`.as('count'))
        .executeTakeFirst();
      return Number(counted?.count ?? 0);
    });
  }
}

const own = (db: Kysely<Tables>, by: TenantPrincipal) => db.selectFrom('users').where('tenantId', '=', by.tenantId);
