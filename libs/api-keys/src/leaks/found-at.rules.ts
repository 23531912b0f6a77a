import { LIMITS, strangersText } from '#kernel';

const { foundAt: FOUND_AT } = LIMITS.leakReports;
/** Read before keys are cut, so that no half of a key is left at the end. */
const LONGEST = 4 * FOUND_AT;

/** A key that somebody found where it should not be, as it was pasted or matched. */
export interface LeakedKey {
  readonly key: string;
  /** Where it was found, in the finder's own words. */
  readonly url?: string | null | undefined;
  readonly source?: string | null | undefined;
}

/**
 * Where a key was found, in one line that may be stored and shown: `source: url`, or the one that was given.
 * @param withoutSecrets cuts every key in a text: an address may hold the very key that was found there
 * @returns null where the finder gave neither
 */
export function foundAtOf(
  { url, source }: Omit<LeakedKey, 'key'>,
  withoutSecrets: (text: string) => string,
): string | null {
  const given = [source, url].flatMap((text) => {
    const shown = text == null ? '' : strangersText(withoutSecrets(strangersText(text, LONGEST)), FOUND_AT);
    return shown === '' ? [] : [shown];
  });
  return given.length === 0 ? null : strangersText(given.join(': '), FOUND_AT);
}
