import { sql } from 'kysely';
import { kyselyOf, type Session } from '#database';
import { NotFound } from '#kernel';
import { type ApiKeyRow, type ApiKeyTables, keyById } from './api-key.reader.js';

/**
 * The key as it is now; nobody else changes it until this transaction ends.
 * @throws {NotFound} for an unknown id and for another tenant's
 */
export async function lockKey(em: Session, id: string): Promise<ApiKeyRow> {
  const db = kyselyOf<ApiKeyTables>(em);
  await sql`select from api_keys where id = ${id}::uuid for update`.execute(db);
  const key = await keyById(db, id);
  if (!key) throw new NotFound('API key');
  return key;
}
