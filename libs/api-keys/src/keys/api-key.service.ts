import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { isMember, type Principal, type TenantPrincipal } from '#access';
import { type TenantBound, TenantDatabase } from '#database';
import { Input, type Page, type PageArguments, readPage } from '#kernel';
import { type ApiKeyFilter, readKeyFilter } from './api-key.filter.js';
import type { ApiKeyOrder } from './api-key.order.rules.js';
import { type ApiKeyRow, countKeys, keyById, pageOfKeys } from './api-key.reader.js';

/** Finds and lists keys of the caller's tenant. */
@Injectable()
export class ApiKeyService {
  constructor(private readonly database: TenantDatabase) {}

  /** Null for an unknown id and for a key of another tenant. @throws {InvalidInput} for an id that is no UUID */
  find(by: TenantPrincipal, id: string): Promise<ApiKeyRow | null> {
    const keyId = Input.argument('id', id).read((input) => input.id());
    return this.database.readForDisplay(by, (session) => keyById(session, keyId));
  }

  /** True for an administrator, and for a member if the tenant's policy lets members make keys; false for a key. */
  async mayMakeKeys(by: Principal): Promise<boolean> {
    if (by.kind !== 'USER') return false;
    if (!isMember(by)) return true;
    const { rows } = await this.database.read(by, (session) =>
      sql`select from api_key_policies where tenant_id = ${by.tenantId}::uuid and member_keys <> 'NONE'`.execute(
        session,
      ),
    );
    return rows.length > 0;
  }

  /** @throws {InvalidInput} all problems of the filter and the page at once; also for cursors of another list */
  page(
    by: TenantBound,
    filter: ApiKeyFilter,
    order: ApiKeyOrder | null | undefined,
    page: PageArguments,
  ): Promise<Page<ApiKeyRow>> {
    const { wanted, request } = new Input({ filter, ...page }).read((input) => ({
      wanted: { ...readKeyFilter(input.at('filter')), memberId: by.memberId },
      request: readPage(input),
    }));
    return this.database.readForDisplay(by, (session) => pageOfKeys(session, wanted, order, request));
  }

  /** @throws {InvalidInput} */
  count(by: TenantBound, filter: ApiKeyFilter): Promise<number> {
    const wanted = { ...Input.argument('filter', filter).read(readKeyFilter), memberId: by.memberId };
    return this.database.readForDisplay(by, (session) => countKeys(session, wanted));
  }
}
