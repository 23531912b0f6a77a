/** Seconds from one attempt to the next. */
const DELAYS = [5, 60, 300, 1_800, 7_200, 18_000, 36_000];
const JITTER = 0.1;

export type MailVerdict =
  | { readonly kind: 'FAILED'; readonly error: string }
  | { readonly kind: 'RETRY'; readonly error: string; readonly seconds: number };

/**
 * What follows from an attempt that failed: an answer of 5xx to the message or its recipient is final, everything else is tried again.
 * @param attempts made so far, this one included @param random from 0 to 1
 */
export function verdictOnMail(failure: unknown, attempts: number, random: number): MailVerdict {
  const { responseCode, code } = failure as { responseCode?: unknown; code?: unknown };
  const status = typeof responseCode === 'number' ? responseCode : undefined;
  const error = status === undefined ? 'the mail server could not be reached' : `the mail server answered ${status}`;
  const isFinal = status !== undefined && status >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
  const delay = DELAYS[attempts - 1];
  if (isFinal || delay === undefined) return { kind: 'FAILED', error };
  return { kind: 'RETRY', error, seconds: delay * (1 + JITTER * random) };
}
