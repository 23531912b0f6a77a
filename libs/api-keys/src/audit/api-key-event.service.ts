import { Injectable } from '@nestjs/common';
import { type TenantBound, TenantDatabase } from '#database';
import { Input, type Page, type PageArguments, readPage } from '#kernel';
import { type ApiKeyEventFilter, type ApiKeyEventRow, pageOfEvents, readEventFilter } from './api-key-event.reader.js';

/** Lists what happened to the keys and to the policy of the caller's tenant. */
@Injectable()
export class ApiKeyEventService {
  constructor(private readonly database: TenantDatabase) {}

  /**
   * Newest first.
   * @throws {InvalidInput} all problems of the filter and the page at once; also for cursors of another list
   */
  page(by: TenantBound, filter: ApiKeyEventFilter, page: PageArguments): Promise<Page<ApiKeyEventRow>> {
    const { wanted, request } = new Input({ filter, ...page }).read((input) => ({
      wanted: { ...readEventFilter(input.at('filter')), memberId: by.memberId },
      request: readPage(input),
    }));
    return this.database.readForDisplay(by, (session) => pageOfEvents(session, wanted, request));
  }
}
