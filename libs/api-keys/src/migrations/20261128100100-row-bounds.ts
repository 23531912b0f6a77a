import { Migration } from '@mikro-orm/migrations';

/** Instants that RFC 3339 can write, and that sums with a policy's days cannot carry out of PostgreSQL's own range. */
const isInstant = (column: string) => `${column} >= '0001-01-01 00:00:00+00' and ${column} < '10000-01-01 00:00:00+00'`;
const KEY_INSTANTS = [
  'created_at',
  'last_used_at',
  'suspended_at',
  'revoked_at',
  'rotation_started_at',
  'previous_expires_at',
  'previous_last_used_at',
  'new_first_used_at',
];
const MOST_DAYS = 3_650;
const CHECKS: readonly [table: string, name: string, condition: string][] = [
  ...KEY_INSTANTS.map((column): [string, string, string] => ['api_keys', column, isInstant(column)]),
  ['api_keys', 'allowed_cidrs', `jsonb_typeof(allowed_cidrs) = 'array'`],
  ['api_keys', 'metadata', `jsonb_typeof(metadata) = 'object'`],
  ['api_key_policies', 'most_days', `max_lifetime_days <= ${MOST_DAYS} and max_inactive_days <= ${MOST_DAYS}`],
  ['api_key_events', 'at', isInstant('at')],
];

/**
 * What no list could show, and what would overflow in the statement of somebody else's verdict, is refused by the tables.
 * A former secret is of its key's tenant.
 *
 * Rows that stand there already keep nobody from migrating: each check is added for new rows, at the cost of a moment's
 * lock, and then holds for the old ones too, unless one of them breaks it, which the server's log says. The unique
 * index locks `api_keys` against writes while it is built.
 */
export class Migration20261128100100_row_bounds extends Migration {
  override up(): void {
    for (const [table, name, condition] of CHECKS)
      this.add(table, `${table}_${name}_check`, `check (${condition})`, 'check_violation');
    this.addSql(`alter table "api_keys" add constraint "api_keys_id_tenant_id_unique" unique ("id", "tenant_id")`);
    this.add(
      'api_key_former_secrets',
      'api_key_former_secrets_api_key_id_tenant_id_foreign',
      'foreign key ("api_key_id", "tenant_id") references "api_keys" ("id", "tenant_id") on delete cascade',
      'foreign_key_violation',
    );
    this.watch('key_hash, secret_number, tenant_id');
  }

  override down(): void {
    this.watch('key_hash, secret_number');
    this.addSql(
      `alter table "api_key_former_secrets" drop constraint "api_key_former_secrets_api_key_id_tenant_id_foreign"`,
    );
    this.addSql(`alter table "api_keys" drop constraint "api_keys_id_tenant_id_unique"`);
    for (const [table, name] of CHECKS) this.addSql(`alter table "${table}" drop constraint "${table}_${name}_check"`);
  }

  /** A verdict on a former secret rests on these columns of its row. */
  private watch(columns: string): void {
    const table = 'api_key_former_secrets';
    for (const [event, rows] of [
      ['update', 'old table as old_rows new table as new_rows'],
      ['delete', 'old table as old_rows'],
    ]) {
      this.addSql(`drop trigger "${table}_announce_${event}" on "${table}"`);
      this.addSql(`create trigger "${table}_announce_${event}" after ${event} on "${table}"
        referencing ${rows} for each statement execute function announce_change('key', 'api_key_id', '${columns}')`);
      this.addSql(`alter table "${table}" enable always trigger "${table}_announce_${event}"`);
    }
  }

  private add(table: string, name: string, constraint: string, violation: string): void {
    this.addSql(`alter table "${table}" add constraint "${name}" ${constraint} not valid`);
    this.addSql(`
      do $$ begin
        alter table "${table}" validate constraint "${name}";
      exception when ${violation} then
        raise warning 'Rows of ${table} break ${name}; it holds for new rows.';
      end $$`);
  }
}
