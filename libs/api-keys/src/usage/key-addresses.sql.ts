import { sql } from 'kysely';
import type { Session } from '#database';
import { LIMITS } from '#kernel';

export interface KeyAddress {
  ip: string;
  firstUsedAt: Date;
  lastUsedAt: Date;
}

/** The addresses of these keys, each with its place among those of its key: 1 for the most recent one. */
const ranked = (keyIds: readonly string[]) => sql`
  (select api_key_id, ip, first_used_at, last_used_at,
          row_number() over (partition by api_key_id order by last_used_at desc, ip) as rank
   from api_key_addresses where api_key_id = any(${[...keyIds]}::uuid[])) as ranked`;

/** The addresses that these keys were used from, the last ten of each, most recent first. */
export async function recentAddressesOf(
  session: Session,
  keyIds: readonly string[],
): Promise<Map<string, KeyAddress[]>> {
  const { rows } = await sql<KeyAddress & { apiKeyId: string }>`
    select api_key_id as "apiKeyId", ip, first_used_at as "firstUsedAt", last_used_at as "lastUsedAt"
    from ${ranked(keyIds)}
    where rank <= ${LIMITS.recentIps}
    order by api_key_id, rank`.execute(session);
  return Map.groupBy(rows, ({ apiKeyId }) => apiKeyId);
}

/** Removes the addresses of these keys that are not among the last ten. */
export async function forgetOlderAddresses(session: Session, keyIds: readonly string[]): Promise<void> {
  await sql`
    delete from api_key_addresses a using ${ranked(keyIds)}
    where rank > ${LIMITS.recentIps} and a.api_key_id = ranked.api_key_id and a.ip = ranked.ip`.execute(session);
}
