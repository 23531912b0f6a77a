import { type RawBuilder, sql } from 'kysely';
import type { Session } from '#database';
import type { JsonObject } from '#kernel';
import type { NotificationKind } from '../words.js';
import type { ExpiryNotice } from './due-notices.rules.js';

export interface Sweep {
  lastKeyId: string | null;
  begunAt: Date;
}
/** A notice that is due, and the body of its deliveries. */
export interface DueNotice {
  notice: ExpiryNotice;
  kind: NotificationKind;
  apiKeyId: string;
  tenantId: string;
  endsAt: Date;
  daysBefore: number;
  payload: JsonObject;
}

/** True if the end of a key, in whole milliseconds, was reported as its expiry: nothing follows until it has another end. */
export function isReported(apiKeyId: RawBuilder<string>, endsAt: RawBuilder<Date>): RawBuilder<boolean> {
  return sql`exists (
    select from api_key_notices reported
    where reported.api_key_id = ${apiKeyId} and reported.notice = 'EXPIRED'
      and reported.ends_at = date_trunc('milliseconds', ${endsAt}))`;
}

/**
 * Takes the next part of the pass over all keys, until the transaction ends.
 * @returns undefined where another instance has it, or the last pass is less than `pauseMs` ago
 */
export async function takeSweep(session: Session, pauseMs: number): Promise<Sweep | undefined> {
  const { rows } = await sql<Sweep>`
    select last_key_id as "lastKeyId", begun_at as "begunAt" from notice_sweeps
    where name = 'expiry'
      and (last_key_id is not null or swept_at is null or swept_at <= now() - make_interval(secs => ${pauseMs / 1000}))
    for no key update skip locked`.execute(session);
  return rows[0];
}

/** @param lastKeyId null: the pass is over */
export async function noteSwept(session: Session, lastKeyId: string | null): Promise<void> {
  await sql`
    update notice_sweeps set last_key_id = ${lastKeyId}::uuid,
      swept_at = case when ${lastKeyId}::uuid is null then now() else swept_at end
    where name = 'expiry'`.execute(session);
}

/**
 * Stores the notices that are new, and writes their deliveries. A notice is new if the key was not reported with this end before.
 * Notices of one key that are due together keep their order; only the last of them is mailed.
 */
export async function writeNotices(session: Session, due: readonly DueNotice[], isMailed: boolean): Promise<void> {
  await sql`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(due)}::jsonb) as given ("notice" text, "kind" text, "apiKeyId" uuid,
        "tenantId" uuid, "endsAt" timestamptz, "daysBefore" integer, "payload" jsonb)
    ), noted as (
      insert into api_key_notices as known (api_key_id, notice, ends_at)
      select "apiKeyId", notice, "endsAt" from given
      where not exists (
        select from api_key_notices same
        where same.api_key_id = "apiKeyId" and same.notice = given.notice and same.ends_at = "endsAt")
      order by 1, 2
      on conflict (api_key_id, notice) do update set ends_at = excluded.ends_at, noticed_at = now()
      where known.ends_at <> excluded.ends_at
      returning api_key_id, notice
    ), mailed as (
      insert into mails (tenant_id, kind, api_key_id, data)
      select distinct on (api_key_id) given."tenantId", given.kind, api_key_id, given.payload -> 'data'
      from noted join given on given."apiKeyId" = noted.api_key_id and given.notice = noted.notice
      where ${isMailed}
      order by api_key_id, given."daysBefore"
    )
    insert into webhook_deliveries (tenant_id, endpoint_id, kind, api_key_id, payload, created_at)
    select given."tenantId", endpoint.id, given.kind, given."apiKeyId", given.payload,
           now() - make_interval(secs => 0.000001 * given."daysBefore")
    from noted join given on given."apiKeyId" = noted.api_key_id and given.notice = noted.notice
    join webhook_endpoints endpoint on endpoint.tenant_id = given."tenantId" and endpoint.is_enabled
      and (endpoint.kinds = '[]' or endpoint.kinds ? given.kind)`.execute(session);
}
