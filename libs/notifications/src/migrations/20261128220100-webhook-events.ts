import { Migration } from '@mikro-orm/migrations';

/** Instants as `Date.prototype.toISOString` writes them. */
const iso = (instant: string) => `to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
/** `API_KEY_ROTATED` → `api_key.rotated`. */
const wire = (kind: string) => `'api_key.' || lower(substr(${kind}, 9))`;
const isWanted = (kind: string) => `endpoint.is_enabled and (endpoint.kinds = '[]' or endpoint.kinds ? ${kind})`;

/**
 * Writes the deliveries of an event in the transaction that records the event, by whatever program. Without a matching endpoint this
 * costs one look-up by the tenant.
 *
 * `create trigger` takes a SHARE ROW EXCLUSIVE lock on `api_key_events` and `api_keys` for a moment: writes wait, reads do not.
 */
export class Migration20261128220100_webhook_events extends Migration {
  override up(): void {
    this.addSql(`
      create function "write_webhook_deliveries"() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
      begin
        insert into public.webhook_deliveries (tenant_id, endpoint_id, kind, api_key_id, payload, created_at)
        select event.tenant_id, endpoint.id, notified.kind, event.api_key_id,
               jsonb_build_object(
                 'type', ${wire('notified.kind')},
                 'timestamp', ${iso('event.at')},
                 'data', jsonb_build_object(
                   'eventId', event.id, 'tenantId', event.tenant_id, 'apiKeyId', event.api_key_id, 'apiKeyName', event.api_key_name,
                   'actorName', event.actor_name, 'actorKeyId', event.actor_key_id,
                   'changedMembers', array(select jsonb_object_keys(event.changes)))),
               event.at
        from new_rows event
        cross join lateral (
          select 'API_KEY_' || event.kind where event.kind <> 'IMPORTED'
          union all
          select 'API_KEY_APPROVAL_REQUESTED' where event.kind = 'CREATED' and event.changes ? 'pendingUntil'
        ) as notified (kind)
        join public.webhook_endpoints endpoint on endpoint.tenant_id = event.tenant_id and ${isWanted('notified.kind')};
        return null;
      end $$`);
    this.addSql(`create trigger "api_key_events_notify_insert" after insert on "api_key_events"
      referencing new table as new_rows for each statement execute function write_webhook_deliveries()`);
    this.addSql(`
      create function "write_rotation_adopted"() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
      begin
        insert into public.webhook_deliveries (tenant_id, endpoint_id, kind, api_key_id, payload)
        select new.tenant_id, endpoint.id, 'API_KEY_ROTATION_ADOPTED', new.id,
               jsonb_build_object(
                 'type', 'api_key.rotation_adopted',
                 'timestamp', ${iso('new.new_first_used_at')},
                 'data', jsonb_build_object('tenantId', new.tenant_id, 'apiKeyId', new.id, 'apiKeyName', new.name))
        from public.webhook_endpoints endpoint
        where endpoint.tenant_id = new.tenant_id and ${isWanted(`'API_KEY_ROTATION_ADOPTED'`)};
        return null;
      end $$`);
    this.addSql(`create trigger "api_keys_notify_adopted" after update of new_first_used_at on "api_keys" for each row
      when (old.new_first_used_at is null and new.new_first_used_at is not null) execute function write_rotation_adopted()`);
    this.addSql(`create index "webhook_deliveries_claimed_index"
      on "webhook_deliveries" ("claimed_until") where claimed_until is not null`);
  }

  override down(): void {
    this.addSql(`drop index "webhook_deliveries_claimed_index"`);
    this.addSql(`drop trigger "api_keys_notify_adopted" on "api_keys"`);
    this.addSql(`drop function "write_rotation_adopted"()`);
    this.addSql(`drop trigger "api_key_events_notify_insert" on "api_key_events"`);
    this.addSql(`drop function "write_webhook_deliveries"()`);
  }
}
