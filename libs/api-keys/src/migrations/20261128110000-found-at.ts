import { Migration } from '@mikro-orm/migrations';

/** Where a leaked key was found. A column without a default: the table is locked for a moment only. */
export class Migration20261128110000_found_at extends Migration {
  override up(): void {
    this.addSql(`alter table "api_key_events" add column "found_at" text null
      constraint "api_key_events_found_at_check" check (char_length(found_at) <= 1000)`);
  }

  override down(): void {
    this.addSql(`alter table "api_key_events" drop column "found_at"`);
  }
}
