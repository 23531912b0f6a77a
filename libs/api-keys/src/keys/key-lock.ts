import { sql } from 'kysely';
import { type Session } from '#database';
import { NotFound } from '#kernel';
import { type ApiKeyRow, keyById } from './api-key.reader.js';

/**
 * The present state of the key, locked against changes until this transaction ends.
 * @throws {NotFound} for an unknown id and for a key of another tenant
 */
export async function lockKey(session: Session, id: string): Promise<ApiKeyRow> {
  await sql`select from api_keys where id = ${id}::uuid for update`.execute(session);
  const key = await keyById(session, id);
  if (!key) throw new NotFound('API key');
  return key;
}
