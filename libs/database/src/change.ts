/** Channel of the triggers; a database's own, however many share a server. */
export const CHANGES_CHANNEL = 'latchkey_changes';

/**
 * What a trigger tells: rows of one kind, `all` where there were too many to name or the connection is in doubt, and
 * `write`, when this process has committed something that the channel has still to tell of.
 * Everything is named by its id.
 */
export type Change =
  { kind: 'key' | 'user' | 'tenant'; names: ReadonlySet<string> } | { kind: 'all' } | { kind: 'write' };

/** A trigger names no more in one message. */
const MOST_NAMES = 100;

/** Reads `<kind>:<name>,<name>…`. Whatever is not understood, such as a newer version's kind, counts as everything. */
export function changeOf(payload: string): Change {
  const [kind, list] = payload.split(':', 2);
  if (!list || (kind !== 'key' && kind !== 'user' && kind !== 'tenant')) return { kind: 'all' };
  const names = list.split(',', MOST_NAMES + 1);
  return names.length > MOST_NAMES ? { kind: 'all' } : { kind, names: new Set(names) };
}
