import { Migration } from '@mikro-orm/migrations';

/**
 * Under which idempotency key a key was made, and from what input. Nullable columns: the table is locked for a moment
 * only; the index is built on nulls alone.
 */
export class Migration20261122110200_idempotent_creation extends Migration {
  override up(): void {
    this.addSql(`
      alter table "api_keys"
        add column "idempotency_key" text null,
        add column "idempotency_digest" text null`);
    this.addSql(`create unique index "api_keys_idempotency_key_unique"
      on "api_keys" ("tenant_id", "created_by_id", "idempotency_key") where "idempotency_key" is not null`);
  }

  override down(): void {
    this.addSql(`drop index "api_keys_idempotency_key_unique"`);
    this.addSql(`alter table "api_keys" drop column "idempotency_key", drop column "idempotency_digest"`);
  }
}
