import { type Selectable, sql } from 'kysely';
import { keysetPagesByOwner, newestFirst, type Session, showable } from '#database';
import { filterPages, type Page, type PageRequest } from '#kernel';
import type { WebhookDeliveryTable } from './webhook-delivery.entity.js';
import type { WebhookTables } from './webhook-endpoints.sql.js';

export type WebhookDeliveryRow = Selectable<WebhookDeliveryTable>;

const isShown = showable<WebhookDeliveryRow>('webhook_deliveries', 'createdAt');

/** Reads the pages of all endpoints in one statement, newest first. @throws {InvalidInput} INVALID_CURSOR */
export async function pagesOfDeliveries(
  session: Session,
  endpointIds: readonly string[],
  status: readonly string[] | null,
  request: PageRequest,
): Promise<Map<string, Page<WebhookDeliveryRow>>> {
  const pages = await keysetPagesByOwner(
    session,
    endpointIds,
    (endpointId) => {
      const rows = session
        .tables<WebhookTables>()
        .selectFrom('webhook_deliveries')
        .selectAll()
        .where('endpointId', '=', endpointId);
      return status ? rows.where(sql<boolean>`status = any(${[...status]}::text[])`) : rows;
    },
    newestFirst('created_at', ['webhook deliveries', status]),
    request,
  );
  return filterPages(pages, isShown);
}
