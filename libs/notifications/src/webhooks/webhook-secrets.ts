import { sql } from 'kysely';
import type { Session } from '#database';
import { mintSecret } from './webhook-secret.format.js';
import type { WebhookTables } from './webhook-endpoints.sql.js';

interface EndpointOfTenant {
  tenantId: string;
  endpointId: string;
}

/** Stores a new secret. @returns the secret, which no request can read again */
export async function addSecret(session: Session, { tenantId, endpointId }: EndpointOfTenant): Promise<string> {
  const secret = mintSecret();
  await session
    .tables<WebhookTables>()
    .insertInto('webhook_secrets')
    .values({ tenantId, endpointId, secret })
    .execute();
  return secret;
}

/** Lets the present secret sign for a further `seconds` only. An earlier secret ends now, so that two sign at most. */
export async function retireSecrets(session: Session, endpointId: string, seconds: number): Promise<void> {
  const earlier = session.tables<WebhookTables>().deleteFrom('webhook_secrets').where('endpointId', '=', endpointId);
  await (seconds > 0 ? earlier.where('expiresAt', 'is not', null) : earlier).execute();
  await session
    .tables<WebhookTables>()
    .updateTable('webhook_secrets')
    .set({ expiresAt: sql<Date>`now() + make_interval(secs => ${seconds})` })
    .where('endpointId', '=', endpointId)
    .execute();
}
