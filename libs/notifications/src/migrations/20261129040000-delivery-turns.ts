import { Migration } from '@mikro-orm/migrations';

/**
 * The index of due deliveries in the order in which they are claimed. Deliveries of one transaction are due at the same instant: without
 * the time of their creation in the index, each claim read and sorted all of them.
 */
export class Migration20261129040000_delivery_turns extends Migration {
  override up(): void {
    this.replaceDueIndex('"endpoint_id", "next_attempt_at", "created_at"');
  }

  override down(): void {
    this.replaceDueIndex('"endpoint_id", "next_attempt_at"');
  }

  private replaceDueIndex(columns: string): void {
    this.addSql('drop index "webhook_deliveries_due_index"');
    this.addSql(
      `create index "webhook_deliveries_due_index" on "webhook_deliveries" (${columns}) where status = 'PENDING'`,
    );
  }
}
