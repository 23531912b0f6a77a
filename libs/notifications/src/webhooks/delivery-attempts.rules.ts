/** Seconds from one attempt to the next: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h. */
const DELAYS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/** Every delay is longer by a random share up to this one, so that what failed together is not tried together. */
const JITTER = 0.1;
const GONE = 410;

/** The answer of an endpoint, or the reason why there was none. */
export interface Attempted {
  /** The HTTP status; null without an answer. */
  readonly status: number | null;
  /** What went wrong, in words of ours; null for an answer. */
  readonly error: string | null;
}

/** What follows from an attempt. */
export type Verdict =
  | { readonly kind: 'DELIVERED' }
  | { readonly kind: 'RETRY'; readonly seconds: number }
  | { readonly kind: 'FAILED'; readonly disables: 'GONE' | 'FAILING' };

/** @param attempts made so far, this one included @param random from 0 to 1 */
export function verdictOn({ status }: Attempted, attempts: number, random: number): Verdict {
  if (status !== null && status >= 200 && status < 300) return { kind: 'DELIVERED' };
  if (status === GONE) return { kind: 'FAILED', disables: 'GONE' };
  const delay = DELAYS[attempts - 1];
  if (delay === undefined) return { kind: 'FAILED', disables: 'FAILING' };
  return { kind: 'RETRY', seconds: delay * (1 + JITTER * random) };
}

/** What went wrong at an attempt, for administrators; null where nothing did. Never a part of the answer. */
export function faultOf({ status, error }: Attempted): string | null {
  if (status === null) return error;
  if (status >= 200 && status < 300) return null;
  return status >= 300 && status < 400 ? `answered ${status}; redirects are not followed` : `answered ${status}`;
}
