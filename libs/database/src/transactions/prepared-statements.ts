import { hash } from 'node:crypto';

/** Our code makes the texts of statements, not clients. The limit guards against code that makes too many texts. */
const MOST = 500;
/** "cached plan must not change result type" */
const FEATURE_NOT_SUPPORTED = '0A000';

/** True if a statement was prepared before its tables were changed. */
export function isOutdatedPlan(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === FEATURE_NOT_SUPPORTED;
}

/** Names under which connections prepare statements, so that PostgreSQL parses and plans each text once per connection. */
export class PreparedStatements {
  private readonly names = new Map<string, { name: string }>();
  private generation = 0;

  /** @param most how many texts get a name; 0 where a pooler sends statements to connections that have not prepared them */
  constructor(private readonly most = MOST) {}

  /** One name for one text. Texts beyond the first `most` get no name: PostgreSQL plans them each time. */
  nameOf(text: string): { name?: string } {
    const known = this.names.get(text);
    if (known || this.names.size === this.most) return known ?? {};
    const named = { name: `${this.generation}.${hash('sha256', text, 'hex').slice(0, 40)}` };
    this.names.set(text, named);
    return named;
  }

  /** Makes every connection prepare anew, under names not used before. */
  renew(): void {
    this.generation++;
    this.names.clear();
  }
}
