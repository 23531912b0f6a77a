import { createHash } from 'node:crypto';
import { ApiKeyFormat } from '#api-keys';
import type { GivenKey } from './given.js';
import type { TestPortal } from './test-portal.js';

/** Many keys like a given one, put into the database at once rather than asked for. Their creation leaves no event. */
export async function storeKeys(api: TestPortal, like: GivenKey, count: number, name = 'stored'): Promise<GivenKey[]> {
  const format = api.app.get(ApiKeyFormat, { strict: false });
  const secrets = Array.from({ length: count }, () => format.mint(like.tenant.id));
  const hashes = secrets.map((secret) => createHash('sha256').update(secret).digest('hex'));
  const rows = await api.database.sql<{ id: string; hash: string }>(
    `insert into api_keys (tenant_id, user_id, name, key_prefix, key_hash, scopes)
     select tenant_id, user_id, $3, 'mktp_stor', unnest($2::text[]), scopes from api_keys where id = $1
     returning id, key_hash as hash`,
    [like.id, hashes, name],
  );
  const idOf = new Map(rows.map(({ hash, id }) => [hash, id]));
  return secrets.map((secret, index) => ({ ...like, secret, id: idOf.get(hashes[index] ?? '') ?? '' }));
}
