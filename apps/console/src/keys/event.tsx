import type { ApiKeyEventKind, KeyEventFragment } from '../generated/graphql.js';
import { formatInstant } from '../shared/time.js';

export const EVENT_WORDS: Readonly<Record<ApiKeyEventKind, string>> = {
  CREATED: 'Made',
  IMPORTED: 'Imported',
  LEAK_REPORTED: 'Leak reported, revoked',
  POLICY_CHANGED: 'Policy changed',
  RESUMED: 'Resumed',
  REVOKED: 'Revoked',
  ROTATED: 'Rotated',
  ROTATION_COMPLETED: 'Overlap ended',
  SUSPENDED: 'Suspended',
  TRANSFERRED: 'Transferred',
  UPDATED: 'Changed',
};

/** Who did it, as that person or key was called then. */
export const actorOf = ({ actor, actorName, actorKeyId }: KeyEventFragment): string => {
  const name = actor?.name ?? actorName;
  if (name == null) return 'The system';
  return actorKeyId == null ? name : `The key “${name}”`;
};

/** Where a leaked key was found. A stranger wrote it, so it is text and no link. */
export function FoundAt({ event: { foundAt } }: { event: KeyEventFragment }) {
  return foundAt == null ? null : <p>Found at {foundAt}</p>;
}

/** Each changed member, old → new. */
export function Changes({ changes }: { changes: Readonly<Record<string, unknown>> }) {
  const members = Object.entries(changes);
  if (members.length === 0) return null;
  return (
    <ul className="changes">
      {members.map(([name, change]) => {
        const { old, new: now } = (change ?? {}) as { old?: unknown; new?: unknown };
        return (
          <li key={name}>
            <span className="quiet">{name}</span> {old !== undefined && <del>{valueOf(old)}</del>}{' '}
            <span aria-hidden>→</span> <ins>{valueOf(now)}</ins>
          </li>
        );
      })}
    </ul>
  );
}

export function valueOf(value: unknown): string {
  if (value == null || value === '') return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.map(valueOf).join(', ');
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? formatInstant(value) : value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
