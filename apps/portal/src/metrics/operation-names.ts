/** Distinct names told apart: each is a series of its own in every histogram of operations. */
const MOST_NAMES = 100;
/** Shorter than any API key, which is a valid name of an operation too. */
const LONGEST_NAME = 40;

const UNNAMED = 'unnamed';
const OTHER = 'other';

/**
 * Names of operations as labels. Clients make them up, so they are bounded in number and length, and a new one is
 * taken from verified callers only: whoever has no credential cannot use the places up.
 */
export class OperationNames {
  private readonly known = new Set<string>();

  /** @param isVerified was the credential of the request good? */
  labelOf(name: string | null | undefined, isVerified: boolean): string {
    if (!name) return UNNAMED;
    if (this.known.has(name)) return name;
    if (!isVerified || name.length > LONGEST_NAME || this.known.size >= MOST_NAMES) return OTHER;
    this.known.add(name);
    return name;
  }
}
