/** Distinct names told apart: each is a series of its own in every histogram of operations. */
const MOST_NAMES = 100;
/** Shorter than any API key, which is a valid name of an operation too. */
const LONGEST_NAME = 40;

const UNNAMED = 'unnamed';
const OTHER = 'other';

/** The name of an operation as it may be told: whatever could be a secret is "other". */
export function shownName(name: string | null | undefined): string {
  if (!name) return UNNAMED;
  return name.length > LONGEST_NAME ? OTHER : name;
}

/**
 * Names of operations as labels. Clients make them up, so they are bounded in number and length, and a new one is
 * taken from verified callers only: whoever has no credential cannot use the places up.
 */
export class OperationNames {
  private readonly known = new Set<string>();

  /** @param isVerified was the credential of the request good? */
  labelOf(name: string | null | undefined, isVerified: boolean): string {
    if (!name || this.known.has(name)) return shownName(name);
    if (!isVerified || this.known.size >= MOST_NAMES || shownName(name) !== name) return OTHER;
    this.known.add(name);
    return name;
  }
}
