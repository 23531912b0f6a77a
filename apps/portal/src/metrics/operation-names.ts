/** Maximum number of distinct names: each is a series of its own in every histogram of operations. */
const MOST_NAMES = 100;
/** Shorter than any API key, since a key is also a valid name of an operation. */
const LONGEST_NAME = 40;

const UNNAMED = 'unnamed';
const OTHER = 'other';

/** The name of an operation as it may be exported: a name that could be a secret becomes "other". */
export function shownName(name: string | null | undefined): string {
  if (!name) return UNNAMED;
  return name.length > LONGEST_NAME ? OTHER : name;
}

/**
 * Names of operations as labels. Clients choose the names, so their number and length are bounded, and a new name is accepted
 * only from verified callers: callers without a credential cannot use the places up.
 */
export class OperationNames {
  private readonly known = new Set<string>();

  /** @param isVerified true if the credential of the request was good */
  labelOf(name: string | null | undefined, isVerified: boolean): string {
    if (!name || this.known.has(name)) return shownName(name);
    if (!isVerified || this.known.size >= MOST_NAMES || shownName(name) !== name) return OTHER;
    this.known.add(name);
    return name;
  }
}
