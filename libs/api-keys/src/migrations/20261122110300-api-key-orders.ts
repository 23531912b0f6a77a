import { Migration } from '@mikro-orm/migrations';

const whenNull = (column: string, instant: string) =>
  `(case when ${column} is null then '${instant}'::timestamptz else ${column} end)`;

/**
 * An index for each order in which keys are listed, nulls last in both directions. Adding the generated column rewrites
 * the table under an exclusive lock.
 *
 * Under row level security an index serves a comparison only where its operator is leakproof. `lower()` is not, nor is
 * `coalesce` taken for it, while `case` and comparisons of columns are: hence the stored column and these expressions.
 */
export class Migration20261122110300_api_key_orders extends Migration {
  override up(): void {
    this.addSql(`alter table "api_keys" add column "name_sort" text generated always as (lower(name)) stored`);
    this.addSql(`create index "api_keys_by_name" on "api_keys" ("tenant_id", "name_sort" collate "C", "id")`);
    for (const column of ['expires_at', 'last_used_at']) {
      this.addSql(
        `create index "api_keys_by_${column}_asc" on "api_keys" ("tenant_id", ${whenNull(column, 'infinity')}, "id")`,
      );
      this.addSql(
        `create index "api_keys_by_${column}_desc" on "api_keys" ("tenant_id", ${whenNull(column, '-infinity')}, "id")`,
      );
    }
  }

  override down(): void {
    for (const name of ['name', 'expires_at_asc', 'expires_at_desc', 'last_used_at_asc', 'last_used_at_desc'])
      this.addSql(`drop index "api_keys_by_${name}"`);
    this.addSql(`alter table "api_keys" drop column "name_sort"`);
  }
}
