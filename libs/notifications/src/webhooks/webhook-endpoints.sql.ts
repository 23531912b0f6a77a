import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Session } from '#database';
import { NotFound } from '#kernel';
import type { WebhookDeliveryTable } from './webhook-delivery.entity.js';
import type { WebhookEndpointTable } from './webhook-endpoint.entity.js';
import type { WebhookSecretTable } from './webhook-secret.entity.js';

export interface WebhookTables {
  webhook_endpoints: WebhookEndpointTable;
  webhook_secrets: WebhookSecretTable;
  webhook_deliveries: WebhookDeliveryTable;
}
/** An endpoint, and the instant until which an earlier secret signs beside the present one; null without such a secret. */
export type WebhookEndpointRow = Selectable<WebhookEndpointTable> & { previousSecretExpiresAt: Date | null };

function endpoints(session: Session) {
  return session
    .tables<WebhookTables>()
    .selectFrom('webhook_endpoints')
    .selectAll('webhook_endpoints')
    .select((builder) =>
      builder
        .selectFrom('webhook_secrets')
        .select('webhook_secrets.expiresAt')
        .whereRef('webhook_secrets.endpointId', '=', 'webhook_endpoints.id')
        .where('webhook_secrets.expiresAt', '>', sql<Date>`now()`)
        .orderBy('webhook_secrets.expiresAt', 'desc')
        .limit(1)
        .as('previousSecretExpiresAt'),
    );
}

/** All endpoints of the session's tenant, oldest first. */
export function allEndpoints(session: Session): Promise<WebhookEndpointRow[]> {
  return endpoints(session).orderBy('webhook_endpoints.createdAt').orderBy('webhook_endpoints.id').execute();
}

export async function endpointById(session: Session, id: string): Promise<WebhookEndpointRow | null> {
  return (await endpoints(session).where('webhook_endpoints.id', '=', id).executeTakeFirst()) ?? null;
}

/** @throws {NotFound} */
export async function requireEndpoint(session: Session, id: string): Promise<WebhookEndpointRow> {
  const endpoint = await endpointById(session, id);
  if (!endpoint) throw new NotFound('WebhookEndpoint');
  return endpoint;
}

/** Lets one transaction at a time add an endpoint to a tenant, so that their number stays within the limit. */
export async function lockEndpoints(session: Session, tenantId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`webhook endpoints of ${tenantId}`}, 0))`.execute(session);
}
