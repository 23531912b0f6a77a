import { type RawBuilder, sql } from 'kysely';
import type { Session } from '#database';
import { TERMS_SQL } from './api-key-status.sql.js';

/** A key that stops working at `endsAt` if nothing changes. */
export interface KeyEnd {
  id: string;
  tenantId: string;
  name: string;
  endsAt: Date;
  /** The instant at which the term began whose end this is; for a key that was imported, not before the import. */
  since: Date;
}

type EndCondition = (apiKeyId: RawBuilder<string>, endsAt: RawBuilder<Date>) => RawBuilder<boolean>;

/**
 * Reads keys of all tenants in the order of their ids, `most` at the most, and returns those among them that are not revoked and end
 * within `days` days or have ended. For sessions of jobs.
 * @param after the id of the last key that was read; null begins with the first
 * @param unless a condition on a key and its end: such keys are left out
 * @returns `lastId` null where no further key follows
 */
export async function endsOfKeys(
  session: Session,
  { after, most, days, unless }: { after: string | null; most: number; days: number; unless: EndCondition },
): Promise<{ ends: KeyEnd[]; lastId: string | null }> {
  const isAfter = after === null ? sql`true` : sql`api_keys.id > ${after}::uuid`;
  const { rows } = await sql<{ id: string }>`
    select id from api_keys where ${isAfter} order by id offset ${most - 1} limit 1`.execute(session);
  const lastId = rows[0]?.id ?? null;
  const isWithin = lastId === null ? sql`true` : sql`api_keys.id <= ${lastId}::uuid`;
  const { rows: ends } = await sql<KeyEnd>`
    select api_keys.id, api_keys.tenant_id as "tenantId", api_keys.name,
           term.ends_at as "endsAt", greatest(term.since, imported.at) as since
    from api_keys left join api_key_policies on api_key_policies.tenant_id = api_keys.tenant_id
    cross join lateral (
      select ends_at, since from (${sql.raw(TERMS_SQL)}) as terms (ends_at, since)
      where ends_at is not null order by ends_at, since desc limit 1) as term
    left join lateral (
      select at from api_key_events event
      where event.tenant_id = api_keys.tenant_id and event.api_key_id = api_keys.id and event.kind = 'IMPORTED'
      order by at limit 1) as imported on true
    where ${isAfter} and ${isWithin} and api_keys.revoked_at is null
      and term.ends_at <= now() + make_interval(days => ${days}) and not (${unless(sql`api_keys.id`, sql`term.ends_at`)})
    order by api_keys.id`.execute(session);
  return { ends, lastId };
}

/** The owner of a key of any tenant; null for a key that is gone. For sessions of jobs. */
export async function ownerOfKey(session: Session, id: string): Promise<string | null> {
  const { rows } = await sql<{ ownerId: string }>`
    select user_id as "ownerId" from api_keys where id = ${id}::uuid`.execute(session);
  return rows[0]?.ownerId ?? null;
}
