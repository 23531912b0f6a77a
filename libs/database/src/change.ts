/** Channel of the triggers; a database's own, however many share a server. */
export const CHANGES_CHANNEL = 'latchkey_changes';

/**
 * What a trigger tells: rows of one kind, `all` where there were too many to name or the connection is in doubt, and
 * `write`, when this process has committed something that the channel has still to tell of.
 * Everything is named by its id.
 */
export type Change =
  { kind: 'key' | 'user' | 'tenant'; names: ReadonlySet<string> } | { kind: 'all' } | { kind: 'write' };

/** Reads `<kind>:<name>,<name>…`. Whatever is not understood, such as a newer version's kind, counts as everything. */
export function changeOf(payload: string): Change {
  const [kind, names] = payload.split(':', 2);
  if (!names || (kind !== 'key' && kind !== 'user' && kind !== 'tenant')) return { kind: 'all' };
  return { kind, names: new Set(names.split(',')) };
}
