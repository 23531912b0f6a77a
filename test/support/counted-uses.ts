import type { TestPortal } from './test-portal.js';
import { flush } from './usage.js';

/** The written numbers of allowed and denied requests of a key. */
export async function countedUses(api: TestPortal, id: string): Promise<{ allowed: number; denied: number }> {
  await flush(api);
  const [counted] = await api.database.sql<{ allowed: number; denied: number }>(
    `select coalesce(sum(allowed), 0)::int as allowed, coalesce(sum(denied), 0)::int as denied
     from api_key_usage_hours where api_key_id = $1`,
    [id],
  );
  return counted ?? { allowed: 0, denied: 0 };
}
