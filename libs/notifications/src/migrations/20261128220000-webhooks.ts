import { Migration } from '@mikro-orm/migrations';

const isInstant = (column: string) => `${column} >= '0001-01-01 00:00:00+00' and ${column} < '10000-01-01 00:00:00+00'`;
const TENANT = `tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid`;

/**
 * Webhook endpoints, their secrets and their deliveries. New tables, so no lock on live data.
 *
 * Requests may write a secret and may not read one: `portal_app` has no right to the column `secret`.
 */
export class Migration20261128220000_webhooks extends Migration {
  override up(): void {
    this.endpoints();
    this.secrets();
    this.deliveries();
    for (const table of ['webhook_endpoints', 'webhook_secrets', 'webhook_deliveries']) {
      this.addSql(`alter table "${table}" enable row level security`);
      this.addSql(`alter table "${table}" force row level security`);
      this.addSql(
        `create policy "tenant_isolation" on "${table}" to portal_app using (${TENANT}) with check (${TENANT})`,
      );
      this.addSql(`create policy "jobs_work" on "${table}" to portal_jobs using (true) with check (true)`);
    }
    this.addSql(`grant select, insert, update, delete on "webhook_endpoints" to portal_app, portal_jobs`);
    this.addSql(`grant select, insert, update, delete on "webhook_secrets" to portal_jobs`);
    this.addSql(`grant select ("id", "tenant_id", "endpoint_id", "expires_at", "created_at"),
      insert, update ("expires_at"), delete on "webhook_secrets" to portal_app`);
    this.addSql(`grant select, insert, update on "webhook_deliveries" to portal_app`);
    this.addSql(`grant select, insert, update, delete on "webhook_deliveries" to portal_jobs`);
  }

  private endpoints(): void {
    this.addSql(`
      create table "webhook_endpoints" (
        "id" uuid not null default gen_random_uuid(),
        "tenant_id" uuid not null,
        "url" text not null,
        "description" text null,
        "kinds" jsonb not null default '[]',
        "is_enabled" boolean not null default true,
        "disabled_reason" text null,
        "created_at" timestamptz not null default now(),
        constraint "webhook_endpoints_pkey" primary key ("id"),
        constraint "webhook_endpoints_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on delete cascade,
        constraint "webhook_endpoints_disabled_reason_check" check ("disabled_reason" in ('GONE', 'FAILING')),
        constraint "webhook_endpoints_url_bounds_check" check (char_length(url) <= 2000),
        constraint "webhook_endpoints_description_bounds_check" check (char_length(description) <= 2000),
        constraint "webhook_endpoints_created_at_bounds_check" check (${isInstant('created_at')}),
        constraint "webhook_endpoints_kinds_check" check (jsonb_typeof(kinds) = 'array')
      )`);
    this.addSql(`create index "webhook_endpoints_tenant_id_created_at_id_index"
      on "webhook_endpoints" ("tenant_id", "created_at", "id")`);
  }

  private secrets(): void {
    this.addSql(`
      create table "webhook_secrets" (
        "id" uuid not null default gen_random_uuid(),
        "tenant_id" uuid not null,
        "endpoint_id" uuid not null,
        "secret" text not null,
        "expires_at" timestamptz null,
        "created_at" timestamptz not null default now(),
        constraint "webhook_secrets_pkey" primary key ("id"),
        constraint "webhook_secrets_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on delete cascade,
        constraint "webhook_secrets_endpoint_id_foreign"
          foreign key ("endpoint_id") references "webhook_endpoints" ("id") on delete cascade,
        constraint "webhook_secrets_secret_bounds_check" check (secret ~ '^whsec_[A-Za-z0-9+/]{43}=$'),
        constraint "webhook_secrets_created_at_bounds_check" check (${isInstant('created_at')}),
        constraint "webhook_secrets_expires_at_bounds_check" check (${isInstant('expires_at')})
      )`);
    this.addSql(`create index "webhook_secrets_endpoint_id_index" on "webhook_secrets" ("endpoint_id")`);
    this.addSql(`create index "webhook_secrets_tenant_id_index" on "webhook_secrets" ("tenant_id")`);
  }

  private deliveries(): void {
    this.addSql(`
      create table "webhook_deliveries" (
        "id" uuid not null default gen_random_uuid(),
        "tenant_id" uuid not null,
        "endpoint_id" uuid not null,
        "kind" text not null,
        "api_key_id" uuid null,
        "payload" jsonb not null,
        "status" text not null default 'PENDING',
        "attempts" int not null default 0,
        "last_attempt_at" timestamptz null,
        "next_attempt_at" timestamptz null default now(),
        "claimed_until" timestamptz null,
        "last_status" int null,
        "last_error" text null,
        "created_at" timestamptz not null default clock_timestamp(),
        constraint "webhook_deliveries_pkey" primary key ("id"),
        constraint "webhook_deliveries_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on delete cascade,
        constraint "webhook_deliveries_endpoint_id_foreign"
          foreign key ("endpoint_id") references "webhook_endpoints" ("id") on delete cascade,
        constraint "webhook_deliveries_kind_check" check ("kind" in
          ('API_KEY_CREATED', 'API_KEY_UPDATED', 'API_KEY_ROTATED', 'API_KEY_ROTATION_ADOPTED', 'API_KEY_ROTATION_COMPLETED',
           'API_KEY_SUSPENDED', 'API_KEY_RESUMED', 'API_KEY_REVOKED', 'API_KEY_TRANSFERRED', 'API_KEY_LEAK_REPORTED',
           'API_KEY_POLICY_CHANGED', 'API_KEY_APPROVAL_REQUESTED', 'API_KEY_APPROVED', 'API_KEY_REJECTED')),
        constraint "webhook_deliveries_status_check" check ("status" in ('PENDING', 'DELIVERED', 'FAILED')),
        constraint "webhook_deliveries_payload_check" check (jsonb_typeof(payload) = 'object'),
        constraint "webhook_deliveries_due_check" check ((status = 'PENDING') = (next_attempt_at is not null)),
        constraint "webhook_deliveries_last_error_bounds_check" check (char_length(last_error) <= 200),
        constraint "webhook_deliveries_created_at_bounds_check" check (${isInstant('created_at')}),
        constraint "webhook_deliveries_last_attempt_at_bounds_check" check (${isInstant('last_attempt_at')}),
        constraint "webhook_deliveries_next_attempt_at_bounds_check" check (${isInstant('next_attempt_at')})
      )`);
    this.addSql(`create index "webhook_deliveries_endpoint_id_tenant_id_created_at_id_index"
      on "webhook_deliveries" ("endpoint_id", "tenant_id", "created_at", "id")`);
    this.addSql(`create index "webhook_deliveries_due_index"
      on "webhook_deliveries" ("endpoint_id", "next_attempt_at") where status = 'PENDING'`);
    this.addSql(`create index "webhook_deliveries_order_index"
      on "webhook_deliveries" ("endpoint_id", "api_key_id", "created_at", "id") where status = 'PENDING'`);
    this.addSql(`create index "webhook_deliveries_tenant_id_index" on "webhook_deliveries" ("tenant_id")`);
  }

  override down(): void {
    for (const table of ['webhook_deliveries', 'webhook_secrets', 'webhook_endpoints'])
      this.addSql(`drop table "${table}"`);
  }
}
