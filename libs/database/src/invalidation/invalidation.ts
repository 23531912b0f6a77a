/** Channel of the triggers. Each database has its own, even where several share a server. */
export const INVALIDATION_CHANNEL = 'latchkey_changes';
/** Channel of triggers on tables whose new rows somebody follows: a message names the tenant of the rows, or is `all`. */
export const ROWS_CHANNEL = 'latchkey_events';

/**
 * A message of a trigger: changed rows of one kind by id. `all` stands for too many rows to name, or for a connection in doubt.
 * `write` means that this process has committed a change which the channel has still to report.
 */
export type Invalidation =
  { kind: 'key' | 'user' | 'tenant'; names: ReadonlySet<string> } | { kind: 'all' } | { kind: 'write' };

/** Largest number of names that a trigger puts in one message. */
const MOST_NAMES = 100;

/**
 * Parses `<kind>:<name>,<name>…`. A text that is not understood, such as a newer version's kind, counts as a change of
 * everything.
 */
export function invalidationOf(payload: string): Invalidation {
  const [kind, list] = payload.split(':', 2);
  if (!list || (kind !== 'key' && kind !== 'user' && kind !== 'tenant')) return { kind: 'all' };
  const names = list.split(',', MOST_NAMES + 1);
  return names.length > MOST_NAMES ? { kind: 'all' } : { kind, names: new Set(names) };
}
