-- A database as it was while all migrations lay in libs/database: the statements of `migrate` at that time, in their
-- order, and a row or two. Never changed: test/faults/first-layout.spec.ts migrates it on.
create table "migrations" ("id" serial primary key, "name" varchar(255) not null, "executed_at" timestamptz(6) not null default current_timestamp(6));
create table "tenants" (
  "id" uuid not null default gen_random_uuid(),
  "name" text not null,
  "created_at" timestamptz not null default now(),
  "suspended_at" timestamptz null,
  constraint "tenants_pkey" primary key ("id")
);
create table "users" (
  "id" uuid not null default gen_random_uuid(),
  "tenant_id" uuid null,
  "subject" text null,
  "email" text not null,
  "name" text not null,
  "kind" text not null default 'HUMAN',
  "role" text not null,
  "is_active" boolean not null default true,
  "created_at" timestamptz not null default now(),
  constraint "users_pkey" primary key ("id"),
  constraint "users_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on delete cascade,
  constraint "users_subject_unique" unique ("subject"),
  constraint "users_email_unique" unique ("email"),
  constraint "users_email_check" check (email = lower(email)),
  constraint "users_kind_check" check ("kind" in ('HUMAN', 'SERVICE')),
  constraint "users_role_check" check ("role" in ('SUPER_ADMIN', 'TENANT_ADMIN', 'OPERATOR', 'VIEWER')),
  constraint "users_tenant_check" check ((role = 'SUPER_ADMIN') = (tenant_id is null))
);
create index "users_tenant_id_index" on "users" ("tenant_id");
alter table "tenants" enable row level security;
alter table "tenants" force row level security;
create policy "tenant_isolation" on "tenants" for select to portal_app
  using (id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy "verifier_reads" on "tenants" for select to portal_verifier using (true);
create policy "jobs_work" on "tenants" to portal_jobs using (true) with check (true);
alter table "users" enable row level security;
alter table "users" force row level security;
create policy "tenant_isolation" on "users" for select to portal_app
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy "platform_users" on "users" for select to portal_app
  using (tenant_id is null and nullif(current_setting('app.tenant_id', true), '') is not null);
create policy "verifier_reads" on "users" for select to portal_verifier using (true);
create policy "jobs_work" on "users" to portal_jobs using (true) with check (true);
grant select on "tenants", "users" to portal_app, portal_verifier;
grant select, insert, update, delete on "tenants", "users" to portal_jobs;
insert into "migrations" ("name") values ('Migration20261122090000_tenants_and_users');
create table "api_keys" (
  "id" uuid not null default gen_random_uuid(),
  "tenant_id" uuid not null,
  "user_id" uuid not null,
  "name" text not null,
  "key_prefix" text not null,
  "key_hash" text not null,
  "scopes" jsonb not null default '[]',
  "expires_at" timestamptz null,
  "last_used_at" timestamptz null,
  "created_at" timestamptz not null default now(),
  "revoked_at" timestamptz null,
  "description" text null,
  "created_by_id" uuid null,
  "last_used_ip" text null,
  "suspended_at" timestamptz null,
  "revoked_by_id" uuid null,
  "revocation_reason" text null,
  "revocation_note" text null,
  "attempts_after_revocation" integer not null default 0,
  "allowed_cidrs" jsonb not null default '[]',
  "rate_limit" integer null,
  "rate_limit_window_seconds" integer null,
  "metadata" jsonb not null default '{}',
  "version" integer not null default 1,
  constraint "api_keys_pkey" primary key ("id"),
  constraint "api_keys_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on delete cascade,
  constraint "api_keys_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade,
  constraint "api_keys_created_by_id_foreign" foreign key ("created_by_id") references "users" ("id") on delete set null,
  constraint "api_keys_revoked_by_id_foreign" foreign key ("revoked_by_id") references "users" ("id") on delete set null,
  constraint "api_keys_key_hash_unique" unique ("key_hash"),
  constraint "api_keys_scopes_check" check (jsonb_typeof(scopes) = 'array'),
  constraint "api_keys_expires_at_check" check (isfinite(expires_at) and expires_at < '10000-01-01 00:00:00+00'),
  constraint "api_keys_revocation_reason_check" check ("revocation_reason" in
    ('COMPROMISED', 'OWNER_LEFT', 'SUPERSEDED', 'UNUSED', 'POLICY', 'OTHER')),
  constraint "api_keys_rate_limit_check" check ((rate_limit is null) = (rate_limit_window_seconds is null))
);
create index "api_keys_tenant_id_created_at_id_index" on "api_keys" ("tenant_id", "created_at", "id");
create index "api_keys_user_id_index" on "api_keys" ("user_id");
alter table "api_keys" enable row level security;
alter table "api_keys" force row level security;
create policy "tenant_isolation" on "api_keys" to portal_app
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy "verifier_reads" on "api_keys" for select to portal_verifier using (true);
create policy "jobs_work" on "api_keys" to portal_jobs using (true) with check (true);
grant select, insert, update on "api_keys" to portal_app;
grant select on "api_keys" to portal_verifier;
grant select, insert, update, delete on "api_keys" to portal_jobs;
insert into "migrations" ("name") values ('Migration20261122090100_api_keys');
create table "devices" (
  "id" uuid not null default gen_random_uuid(),
  "tenant_id" uuid not null,
  "hostname" text not null,
  "hostname_sort" text generated always as (lower(hostname)) stored,
  "ip_address" text not null,
  "model" text null,
  "serial_number" text null,
  "firmware_version" text null,
  "status" text not null default 'UNKNOWN',
  "last_seen_at" timestamptz null,
  "created_at" timestamptz not null default now(),
  "updated_at" timestamptz not null default now(),
  constraint "devices_pkey" primary key ("id"),
  constraint "devices_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on delete cascade,
  constraint "devices_status_check" check ("status" in ('UNKNOWN', 'ONLINE', 'OFFLINE'))
);
create unique index "devices_tenant_id_hostname_unique" on "devices" ("tenant_id", "hostname_sort" collate "C");
alter table "devices" enable row level security;
alter table "devices" force row level security;
create policy "tenant_isolation" on "devices" to portal_app
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy "jobs_work" on "devices" to portal_jobs using (true) with check (true);
grant select, insert, update, delete on "devices" to portal_app, portal_jobs;
insert into "migrations" ("name") values ('Migration20261122090200_devices');
create table "alerts" (
  "id" uuid not null default gen_random_uuid(),
  "tenant_id" uuid not null,
  "device_id" uuid not null,
  "severity" text not null,
  "message" text not null,
  "fired_at" timestamptz not null default now(),
  "resolved_at" timestamptz null,
  constraint "alerts_pkey" primary key ("id"),
  constraint "alerts_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on delete cascade,
  constraint "alerts_device_id_foreign" foreign key ("device_id") references "devices" ("id") on delete cascade,
  constraint "alerts_severity_check" check ("severity" in ('INFO', 'WARNING', 'CRITICAL')),
  constraint "alerts_fired_at_check" check (isfinite(fired_at)),
  constraint "alerts_resolved_at_check" check (isfinite(resolved_at) and resolved_at >= fired_at)
);
create index "alerts_tenant_id_fired_at_id_index" on "alerts" ("tenant_id", "fired_at", "id");
create index "alerts_device_id_tenant_id_fired_at_id_index" on "alerts" ("device_id", "tenant_id", "fired_at", "id");
create index "alerts_firing_index" on "alerts" ("tenant_id", "fired_at", "id") where "resolved_at" is null;
alter table "alerts" enable row level security;
alter table "alerts" force row level security;
create policy "tenant_isolation" on "alerts" to portal_app
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on "alerts" to portal_app;
insert into "migrations" ("name") values ('Migration20261122100000_alerts');
create table "config_backups" (
  "id" uuid not null default gen_random_uuid(),
  "tenant_id" uuid not null,
  "device_id" uuid not null,
  "trigger" text not null,
  "sha256" text not null,
  "size_bytes" integer not null,
  "content" text not null,
  "created_at" timestamptz not null default now(),
  constraint "config_backups_pkey" primary key ("id"),
  constraint "config_backups_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on delete cascade,
  constraint "config_backups_device_id_foreign" foreign key ("device_id") references "devices" ("id") on delete cascade,
  constraint "config_backups_trigger_check" check ("trigger" in ('MANUAL', 'SCHEDULED', 'PRE_UPGRADE')),
  constraint "config_backups_size_bytes_check" check (size_bytes = octet_length(content))
);
create index "config_backups_tenant_id_created_at_id_index" on "config_backups" ("tenant_id", "created_at", "id");
create index "config_backups_device_id_tenant_id_created_at_id_index" on "config_backups" ("device_id", "tenant_id", "created_at", "id");
alter table "config_backups" enable row level security;
alter table "config_backups" force row level security;
create policy "tenant_isolation" on "config_backups" to portal_app
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert on "config_backups" to portal_app;
insert into "migrations" ("name") values ('Migration20261122100100_config_backups');
create table "firmware_upgrades" (
  "id" uuid not null default gen_random_uuid(),
  "tenant_id" uuid not null,
  "device_id" uuid not null,
  "target_version" text not null,
  "scheduled_at" timestamptz not null,
  "status" text not null default 'SCHEDULED',
  "created_at" timestamptz not null default now(),
  constraint "firmware_upgrades_pkey" primary key ("id"),
  constraint "firmware_upgrades_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on delete cascade,
  constraint "firmware_upgrades_device_id_foreign" foreign key ("device_id") references "devices" ("id") on delete cascade,
  constraint "firmware_upgrades_scheduled_at_check" check (isfinite(scheduled_at)),
  constraint "firmware_upgrades_status_check" check ("status" in ('SCHEDULED', 'CANCELLED'))
);
create index "firmware_upgrades_device_id_tenant_id_created_at_id_index" on "firmware_upgrades" ("device_id", "tenant_id", "created_at", "id");
create index "firmware_upgrades_tenant_id_index" on "firmware_upgrades" ("tenant_id");
alter table "firmware_upgrades" enable row level security;
alter table "firmware_upgrades" force row level security;
create policy "tenant_isolation" on "firmware_upgrades" to portal_app
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on "firmware_upgrades" to portal_app;
insert into "migrations" ("name") values ('Migration20261122100200_firmware_upgrades');
create table "api_key_events" (
  "id" uuid not null default gen_random_uuid(),
  "tenant_id" uuid not null,
  "at" timestamptz not null default clock_timestamp(),
  "kind" text not null,
  "api_key_id" uuid null,
  "api_key_name" text null,
  "actor_id" uuid null,
  "actor_name" text null,
  "actor_key_id" uuid null,
  "ip" text null,
  "changes" jsonb not null default '{}',
  constraint "api_key_events_pkey" primary key ("id"),
  constraint "api_key_events_kind_check" check ("kind" in
    ('CREATED', 'UPDATED', 'ROTATED', 'ROTATION_COMPLETED', 'SUSPENDED', 'RESUMED', 'REVOKED', 'TRANSFERRED',
     'LEAK_REPORTED', 'POLICY_CHANGED', 'IMPORTED')),
  constraint "api_key_events_changes_check" check (jsonb_typeof(changes) = 'object')
);
create index "api_key_events_tenant_id_at_id_index" on "api_key_events" ("tenant_id", "at", "id");
create index "api_key_events_tenant_id_api_key_id_at_id_index"
  on "api_key_events" ("tenant_id", "api_key_id", "at", "id");
create index "api_key_events_tenant_id_actor_id_at_id_index"
  on "api_key_events" ("tenant_id", "actor_id", "at", "id");
alter table "api_key_events" enable row level security;
alter table "api_key_events" force row level security;
create policy "tenant_isolation" on "api_key_events" to portal_app
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy "jobs_work" on "api_key_events" to portal_jobs using (true) with check (true);
grant select, insert on "api_key_events" to portal_app, portal_jobs;
insert into "migrations" ("name") values ('Migration20261122110000_api_key_events');
alter table "api_keys"
  add column "secret_number" integer not null default 1,
  add column "rotation_started_at" timestamptz null,
  add column "previous_secret_number" integer null,
  add column "previous_key_prefix" text null,
  add column "previous_expires_at" timestamptz null,
  add column "previous_last_used_at" timestamptz null,
  add column "new_first_used_at" timestamptz null;
create table "api_key_former_secrets" (
  "key_hash" text not null,
  "tenant_id" uuid not null,
  "api_key_id" uuid not null,
  "secret_number" integer not null,
  constraint "api_key_former_secrets_pkey" primary key ("key_hash"),
  constraint "api_key_former_secrets_tenant_id_foreign" foreign key ("tenant_id")
    references "tenants" ("id") on delete cascade,
  constraint "api_key_former_secrets_api_key_id_foreign" foreign key ("api_key_id")
    references "api_keys" ("id") on delete cascade
);
create index "api_key_former_secrets_api_key_id_index" on "api_key_former_secrets" ("api_key_id");
alter table "api_key_former_secrets" enable row level security;
alter table "api_key_former_secrets" force row level security;
create policy "tenant_isolation" on "api_key_former_secrets" to portal_app
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy "verifier_reads" on "api_key_former_secrets" for select to portal_verifier using (true);
create policy "jobs_work" on "api_key_former_secrets" to portal_jobs using (true) with check (true);
grant select, insert on "api_key_former_secrets" to portal_app;
grant select on "api_key_former_secrets" to portal_verifier;
grant select, insert, update, delete on "api_key_former_secrets" to portal_jobs;
insert into "migrations" ("name") values ('Migration20261122110100_key_rotation');
alter table "api_keys"
  add column "idempotency_key" text null,
  add column "idempotency_digest" text null;
create unique index "api_keys_idempotency_key_unique"
  on "api_keys" ("tenant_id", "created_by_id", "idempotency_key") where "idempotency_key" is not null;
insert into "migrations" ("name") values ('Migration20261122110200_idempotent_creation');
alter table "api_keys" add column "name_sort" text generated always as (lower(name)) stored;
create index "api_keys_by_name" on "api_keys" ("tenant_id", "name_sort" collate "C", "id");
create index "api_keys_by_expires_at_asc" on "api_keys" ("tenant_id", (case when expires_at is null then 'infinity'::timestamptz else expires_at end), "id");
create index "api_keys_by_expires_at_desc" on "api_keys" ("tenant_id", (case when expires_at is null then '-infinity'::timestamptz else expires_at end), "id");
create index "api_keys_by_last_used_at_asc" on "api_keys" ("tenant_id", (case when last_used_at is null then 'infinity'::timestamptz else last_used_at end), "id");
create index "api_keys_by_last_used_at_desc" on "api_keys" ("tenant_id", (case when last_used_at is null then '-infinity'::timestamptz else last_used_at end), "id");
insert into "migrations" ("name") values ('Migration20261122110300_api_key_orders');
create table "api_key_policies" (
  "tenant_id" uuid not null,
  "max_lifetime_days" integer null,
  "max_inactive_days" integer null,
  "require_expiry" boolean not null default false,
  "allowed_scopes" jsonb null,
  "allowed_cidrs" jsonb not null default '[]',
  "max_keys_per_owner" integer null,
  "max_rotation_overlap_seconds" integer not null default 604800,
  "updated_at" timestamptz not null default now(),
  constraint "api_key_policies_pkey" primary key ("tenant_id"),
  constraint "api_key_policies_tenant_id_foreign"
    foreign key ("tenant_id") references "tenants" ("id") on delete cascade,
  constraint "api_key_policies_days_check" check (max_lifetime_days > 0 and max_inactive_days > 0),
  constraint "api_key_policies_allowed_scopes_check" check (jsonb_typeof(allowed_scopes) = 'array'),
  constraint "api_key_policies_allowed_cidrs_check" check (jsonb_typeof(allowed_cidrs) = 'array')
);
alter table "api_key_policies" enable row level security;
alter table "api_key_policies" force row level security;
create policy "tenant_isolation" on "api_key_policies" to portal_app
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy "verifier_reads" on "api_key_policies" for select to portal_verifier using (true);
create policy "jobs_work" on "api_key_policies" to portal_jobs using (true) with check (true);
grant select, insert, update on "api_key_policies" to portal_app;
grant select on "api_key_policies" to portal_verifier;
grant select, insert, update, delete on "api_key_policies" to portal_jobs;
insert into "migrations" ("name") values ('Migration20261122120000_api_key_policies');
create table "api_key_usage_hours" (
  "api_key_id" uuid not null,
  "hour" timestamptz not null,
  "tenant_id" uuid not null,
  "allowed" bigint not null,
  "denied" bigint not null,
  constraint "api_key_usage_hours_pkey" primary key ("api_key_id", "hour"),
  constraint "api_key_usage_hours_api_key_id_foreign" foreign key ("api_key_id")
    references "api_keys" ("id") on delete cascade
);
create index "api_key_usage_hours_hour_index" on "api_key_usage_hours" using brin ("hour");
create table "api_key_usage_days" (
  "api_key_id" uuid not null,
  "day" date not null,
  "tenant_id" uuid not null,
  "allowed" bigint not null,
  "denied" bigint not null,
  constraint "api_key_usage_days_pkey" primary key ("api_key_id", "day"),
  constraint "api_key_usage_days_api_key_id_foreign" foreign key ("api_key_id")
    references "api_keys" ("id") on delete cascade
);
create index "api_key_usage_days_day_index" on "api_key_usage_days" using brin ("day");
create table "api_key_scope_use" (
  "api_key_id" uuid not null,
  "scope" text not null,
  "tenant_id" uuid not null,
  "last_used_at" timestamptz not null,
  constraint "api_key_scope_use_pkey" primary key ("api_key_id", "scope"),
  constraint "api_key_scope_use_api_key_id_foreign" foreign key ("api_key_id")
    references "api_keys" ("id") on delete cascade
);
alter table "api_key_usage_hours" enable row level security;
alter table "api_key_usage_hours" force row level security;
create policy "tenant_isolation" on "api_key_usage_hours" for select to portal_app
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy "jobs_work" on "api_key_usage_hours" to portal_jobs using (true) with check (true);
grant select on "api_key_usage_hours" to portal_app;
grant select, insert, update, delete on "api_key_usage_hours" to portal_jobs;
alter table "api_key_usage_days" enable row level security;
alter table "api_key_usage_days" force row level security;
create policy "tenant_isolation" on "api_key_usage_days" for select to portal_app
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy "jobs_work" on "api_key_usage_days" to portal_jobs using (true) with check (true);
grant select on "api_key_usage_days" to portal_app;
grant select, insert, update, delete on "api_key_usage_days" to portal_jobs;
alter table "api_key_scope_use" enable row level security;
alter table "api_key_scope_use" force row level security;
create policy "tenant_isolation" on "api_key_scope_use" for select to portal_app
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy "jobs_work" on "api_key_scope_use" to portal_jobs using (true) with check (true);
grant select on "api_key_scope_use" to portal_app;
grant select, insert, update, delete on "api_key_scope_use" to portal_jobs;
insert into "migrations" ("name") values ('Migration20261122130000_api_key_usage');
create function "announce_change"() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  kind constant text := tg_argv[0];
  names constant text := tg_argv[1];
  watched constant text := tg_argv[2];
  changed text;
  named text[];
begin
  if tg_op = 'TRUNCATE' then
    perform pg_notify('latchkey_changes', 'all');
    return null;
  end if;
  changed := case tg_op
    when 'INSERT' then format('select %s from new_rows', names)
    when 'DELETE' then format('select %s from old_rows', names)
    else format('select %1$s from (select %1$s, %2$s from old_rows except select %1$s, %2$s from new_rows) as gone
      union select %1$s from (select %1$s, %2$s from new_rows except select %1$s, %2$s from old_rows) as come',
      names, watched)
  end;
  execute format('select array(select distinct name from (%1$s) as changed, unnest(array[%2$s]::text[]) as name
    where name is not null limit 1001)', changed, names) into named;
  if cardinality(named) > 1000 then
    perform pg_notify('latchkey_changes', 'all');
    return null;
  end if;
  for start_at in 1 .. cardinality(named) by 100 loop
    perform pg_notify('latchkey_changes', kind || ':' || array_to_string(named[start_at : start_at + 99], ','));
  end loop;
  return null;
end $$;
create trigger "api_keys_announce_update" after update on "api_keys"
  referencing old table as old_rows new table as new_rows for each statement execute function announce_change('key', 'id', 'key_hash, tenant_id, user_id, scopes, expires_at, suspended_at, revoked_at, allowed_cidrs, rate_limit, rate_limit_window_seconds, secret_number, previous_secret_number, previous_expires_at, new_first_used_at, created_at');
create trigger "api_keys_announce_delete" after delete on "api_keys"
  referencing old table as old_rows for each statement execute function announce_change('key', 'id', 'key_hash, tenant_id, user_id, scopes, expires_at, suspended_at, revoked_at, allowed_cidrs, rate_limit, rate_limit_window_seconds, secret_number, previous_secret_number, previous_expires_at, new_first_used_at, created_at');
create trigger "api_keys_announce_truncate" after truncate on "api_keys"
  for each statement execute function announce_change();
alter table "api_keys" enable always trigger "api_keys_announce_update";
alter table "api_keys" enable always trigger "api_keys_announce_delete";
alter table "api_keys" enable always trigger "api_keys_announce_truncate";
create trigger "api_key_former_secrets_announce_update" after update on "api_key_former_secrets"
  referencing old table as old_rows new table as new_rows for each statement execute function announce_change('key', 'api_key_id', 'key_hash, secret_number');
create trigger "api_key_former_secrets_announce_delete" after delete on "api_key_former_secrets"
  referencing old table as old_rows for each statement execute function announce_change('key', 'api_key_id', 'key_hash, secret_number');
create trigger "api_key_former_secrets_announce_truncate" after truncate on "api_key_former_secrets"
  for each statement execute function announce_change();
alter table "api_key_former_secrets" enable always trigger "api_key_former_secrets_announce_update";
alter table "api_key_former_secrets" enable always trigger "api_key_former_secrets_announce_delete";
alter table "api_key_former_secrets" enable always trigger "api_key_former_secrets_announce_truncate";
create trigger "api_key_policies_announce_insert" after insert on "api_key_policies"
  referencing new table as new_rows for each statement execute function announce_change('tenant', 'tenant_id', 'require_expiry, max_lifetime_days, max_inactive_days, allowed_scopes, allowed_cidrs');
create trigger "api_key_policies_announce_update" after update on "api_key_policies"
  referencing old table as old_rows new table as new_rows for each statement execute function announce_change('tenant', 'tenant_id', 'require_expiry, max_lifetime_days, max_inactive_days, allowed_scopes, allowed_cidrs');
create trigger "api_key_policies_announce_delete" after delete on "api_key_policies"
  referencing old table as old_rows for each statement execute function announce_change('tenant', 'tenant_id', 'require_expiry, max_lifetime_days, max_inactive_days, allowed_scopes, allowed_cidrs');
create trigger "api_key_policies_announce_truncate" after truncate on "api_key_policies"
  for each statement execute function announce_change();
alter table "api_key_policies" enable always trigger "api_key_policies_announce_insert";
alter table "api_key_policies" enable always trigger "api_key_policies_announce_update";
alter table "api_key_policies" enable always trigger "api_key_policies_announce_delete";
alter table "api_key_policies" enable always trigger "api_key_policies_announce_truncate";
create trigger "users_announce_update" after update on "users"
  referencing old table as old_rows new table as new_rows for each statement execute function announce_change('user', 'id', 'tenant_id, role, is_active');
create trigger "users_announce_delete" after delete on "users"
  referencing old table as old_rows for each statement execute function announce_change('user', 'id', 'tenant_id, role, is_active');
create trigger "users_announce_truncate" after truncate on "users"
  for each statement execute function announce_change();
alter table "users" enable always trigger "users_announce_update";
alter table "users" enable always trigger "users_announce_delete";
alter table "users" enable always trigger "users_announce_truncate";
create trigger "tenants_announce_update" after update on "tenants"
  referencing old table as old_rows new table as new_rows for each statement execute function announce_change('tenant', 'id', 'suspended_at');
create trigger "tenants_announce_delete" after delete on "tenants"
  referencing old table as old_rows for each statement execute function announce_change('tenant', 'id', 'suspended_at');
create trigger "tenants_announce_truncate" after truncate on "tenants"
  for each statement execute function announce_change();
alter table "tenants" enable always trigger "tenants_announce_update";
alter table "tenants" enable always trigger "tenants_announce_delete";
alter table "tenants" enable always trigger "tenants_announce_truncate";
insert into "migrations" ("name") values ('Migration20261122140000_change_triggers');
set role portal_jobs;
insert into tenants (id, name) values ('00000000-0000-4000-8000-000000000001', 'Acme');
insert into users (id, tenant_id, email, name, role)
  values ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000001', 'ada@acme.test', 'Ada', 'TENANT_ADMIN');
insert into api_keys (tenant_id, user_id, name, key_prefix, key_hash)
  values ('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002', 'ci', 'mktp_abc', 'hash');
reset role;
