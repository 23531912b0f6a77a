import { hash } from 'node:crypto';

/** Texts of statements are made by code, not by clients; this is for the code that makes too many. */
const MOST = 500;
/** "cached plan must not change result type" */
const FEATURE_NOT_SUPPORTED = '0A000';

/** Names under which connections prepare statements, so that PostgreSQL parses and plans each text once for each. */
export class PreparedStatements {
  private readonly names = new Map<string, { name: string }>();
  private generation = 0;

  /** @param most so many texts get a name; none where a pooler gives statements to connections that do not know it */
  constructor(private readonly most = MOST) {}

  /** One name for one text, whoever asks. Nothing beyond the first `most` texts: those are planned each time. */
  nameOf(text: string): { name?: string } {
    const known = this.names.get(text);
    if (known || this.names.size === this.most) return known ?? {};
    const named = { name: `${this.generation}.${hash('sha256', text, 'hex').slice(0, 40)}` };
    this.names.set(text, named);
    return named;
  }

  /** Was a statement prepared before its tables were changed? */
  isOutdated(error: unknown): boolean {
    return error instanceof Error && 'code' in error && error.code === FEATURE_NOT_SUPPORTED;
  }

  /** Every connection prepares anew, under names that none has used. */
  renew(): void {
    this.generation++;
    this.names.clear();
  }
}
