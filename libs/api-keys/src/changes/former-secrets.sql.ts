import { sql } from 'kysely';
import type { Session } from '#database';

/**
 * Keeps the hash that is about to be replaced, so that a client with the old secret gets another error than one without any key.
 */
export async function keepCurrentSecret(session: Session, id: string): Promise<void> {
  await sql`
    insert into api_key_former_secrets (key_hash, tenant_id, api_key_id, secret_number)
    select key_hash, tenant_id, id, secret_number from api_keys where id = ${id}::uuid`.execute(session);
}
