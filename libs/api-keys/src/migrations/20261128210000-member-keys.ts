import { Migration } from '@mikro-orm/migrations';

const isInstant = (column: string) => `${column} >= '0001-01-01 00:00:00+00' and ${column} < '10000-01-01 00:00:00+00'`;
const EVENT_KINDS = [
  'CREATED',
  'UPDATED',
  'ROTATED',
  'ROTATION_COMPLETED',
  'SUSPENDED',
  'RESUMED',
  'REVOKED',
  'TRANSFERRED',
  'LEAK_REPORTED',
  'POLICY_CHANGED',
  'IMPORTED',
];
const WATCHED = [
  'key_hash',
  'tenant_id',
  'user_id',
  'scopes',
  'expires_at',
  'suspended_at',
  'revoked_at',
  'allowed_cidrs',
  'rate_limit',
  'rate_limit_window_seconds',
  'secret_number',
  'previous_secret_number',
  'previous_expires_at',
  'new_first_used_at',
  'created_at',
];
const MEMBER = `(select nullif(current_setting('app.member_id', true), '')::uuid as member)`;
const OF_OWN_KEY = `exists (select from api_keys where id = api_key_id and user_id = ${MEMBER})`;
/** Tables with rows of keys, and the condition that a row belongs to the member. */
const OWNED: readonly [table: string, condition: string][] = [
  ['api_keys', `user_id = ${MEMBER}`],
  ['api_key_former_secrets', OF_OWN_KEY],
  ['api_key_events', OF_OWN_KEY],
  ['api_key_usage_hours', OF_OWN_KEY],
  ['api_key_usage_days', OF_OWN_KEY],
  ['api_key_scope_use', OF_OWN_KEY],
];

/**
 * Keys of members: the tenant's rule, the request that an admin approves, and row level security between the members of a tenant.
 * New columns are null or have constant defaults, so that each table is locked for a moment only. The checks read the whole table
 * once. A session that is bound to no member sees what it saw before.
 *
 * The index of idempotency keys is no longer unique: creations of one caller with one idempotency key wait for each other by an
 * advisory lock, and a member does not see a key that it made once and that is another's now.
 */
export class Migration20261128210000_member_keys extends Migration {
  override up(): void {
    this.addSql(`alter table "api_key_policies" add column "member_keys" text not null default 'NONE'
      constraint "api_key_policies_member_keys_check" check ("member_keys" in ('NONE', 'APPROVAL', 'ALLOWED'))`);
    this.addSql(`
      alter table "api_keys"
        add column "pending_until" timestamptz null,
        add column "request_reason" text null,
        add column "approved_by_id" uuid null,
        add column "approved_at" timestamptz null,
        add column "suspended_by_owner" boolean not null default false,
        add constraint "api_keys_approved_by_id_foreign" foreign key ("approved_by_id") references "users" ("id") on delete set null,
        add constraint "api_keys_pending_until_check" check (${isInstant('pending_until')}),
        add constraint "api_keys_approved_at_check" check (${isInstant('approved_at')})`);
    this.addSql(`drop index "api_keys_idempotency_key_unique"`);
    this.addSql(`create index "api_keys_idempotency_key_index"
      on "api_keys" ("tenant_id", "created_by_id", "idempotency_key") where "idempotency_key" is not null`);
    this.admitEvents([...EVENT_KINDS, 'APPROVED', 'REJECTED']);
    for (const [table, condition] of OWNED)
      this.addSql(`create policy "member_isolation" on "${table}" as restrictive to portal_app
        using (${MEMBER} is null or ${condition}) with check (${MEMBER} is null or ${condition})`);
    this.watch([...WATCHED, 'pending_until']);
  }

  override down(): void {
    this.watch(WATCHED);
    for (const [table] of OWNED) this.addSql(`drop policy "member_isolation" on "${table}"`);
    // Without its column, a key that nobody has approved would work.
    this.addSql(`set local role portal_jobs`);
    this.addSql(`update "api_keys" set "revoked_at" = coalesce("revoked_at", now()) where "pending_until" is not null`);
    this.addSql(`reset role`);
    this.admitEvents(EVENT_KINDS, 'not valid');
    this.addSql(`drop index "api_keys_idempotency_key_index"`);
    this.addSql(`create unique index "api_keys_idempotency_key_unique"
      on "api_keys" ("tenant_id", "created_by_id", "idempotency_key") where "idempotency_key" is not null`);
    this.addSql(`
      alter table "api_keys"
        drop column "pending_until",
        drop column "request_reason",
        drop column "approved_by_id",
        drop column "approved_at",
        drop column "suspended_by_owner"`);
    this.addSql(`alter table "api_key_policies" drop column "member_keys"`);
  }

  /** @param validity `not valid`: events of other kinds stay */
  private admitEvents(kinds: readonly string[], validity = ''): void {
    this.addSql(`alter table "api_key_events" drop constraint "api_key_events_kind_check"`);
    this.addSql(`alter table "api_key_events" add constraint "api_key_events_kind_check"
      check ("kind" in (${kinds.map((kind) => `'${kind}'`).join(', ')})) ${validity}`);
  }

  /** A verdict depends on these columns of a key. */
  private watch(columns: readonly string[]): void {
    for (const [event, rows] of [
      ['update', 'old table as old_rows new table as new_rows'],
      ['delete', 'old table as old_rows'],
    ]) {
      this.addSql(`drop trigger if exists "api_keys_announce_${event}" on "api_keys"`);
      this.addSql(`create trigger "api_keys_announce_${event}" after ${event} on "api_keys"
        referencing ${rows} for each statement execute function announce_change('key', 'id', '${columns.join(', ')}')`);
      this.addSql(`alter table "api_keys" enable always trigger "api_keys_announce_${event}"`);
    }
  }
}
