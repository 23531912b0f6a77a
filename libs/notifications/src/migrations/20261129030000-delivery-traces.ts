import { Migration } from '@mikro-orm/migrations';

/**
 * The trace of the change that wrote a delivery, in the form of the header `traceparent`. The column's default reads a setting of the
 * transaction, so that every writer keeps the trace. A new column with a default that is not constant rewrites the table, so the
 * default is added after the column: the table is locked for a moment only.
 */
export class Migration20261129030000_delivery_traces extends Migration {
  override up(): void {
    this.addSql(`alter table "webhook_deliveries" add column "traceparent" text null
      constraint "webhook_deliveries_traceparent_bounds_check" check (char_length(traceparent) <= 55)`);
    this.addSql(
      `alter table "webhook_deliveries" alter column "traceparent" set default nullif(current_setting('app.traceparent', true), '')`,
    );
  }

  override down(): void {
    this.addSql(`alter table "webhook_deliveries" drop column "traceparent"`);
  }
}
