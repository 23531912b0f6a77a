import { sql } from 'kysely';
import type { Session } from '#database';

export interface SecretHolder {
  apiKeyId: string;
  tenantId: string;
  secretNumber: number;
}

/** The key that a secret belongs to, in whatever state the key is. `$1`: the hash of the secret. */
export const HOLDER_SQL = `
  select id as "apiKeyId", tenant_id as "tenantId", secret_number as "secretNumber" from api_keys where key_hash = $1
  union all
  select former.api_key_id, former.tenant_id, former.secret_number
  from api_key_former_secrets former join api_keys on (api_keys.id, api_keys.tenant_id) = (former.api_key_id, former.tenant_id)
  where former.key_hash = $1`;

/**
 * Keeps the hash that is about to be replaced, so that a client with the old secret gets another error than one without any key.
 */
export async function keepCurrentSecret(session: Session, id: string): Promise<void> {
  await sql`
    insert into api_key_former_secrets (key_hash, tenant_id, api_key_id, secret_number)
    select key_hash, tenant_id, id, secret_number from api_keys where id = ${id}::uuid`.execute(session);
}
