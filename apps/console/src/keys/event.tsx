import { useAnswer } from '../api/operations.js';
import { type ApiKeyEventKind, type KeyEventFragment, UsersDocument } from '../generated/graphql.js';
import { formatInstant, formatNumber } from '../shared/time.js';
import { isAdmin, useViewer } from '../shell/viewer.js';

export const EVENT_WORDS: Readonly<Record<ApiKeyEventKind, string>> = {
  APPROVED: 'Approved',
  CREATED: 'Made',
  IMPORTED: 'Imported',
  LEAK_REPORTED: 'Leak reported, revoked',
  POLICY_CHANGED: 'Policy changed',
  REJECTED: 'Rejected',
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

const MEMBER_WORDS: Readonly<Record<string, string>> = {
  allowedCidrs: 'Networks',
  allowedScopes: 'Allowed scopes',
  approvedAt: 'Approved',
  description: 'Description',
  expiresAt: 'Expires',
  keyPrefix: 'Prefix',
  maxInactiveDays: 'Days without use, at most',
  maxKeysPerOwner: 'Keys of one owner, at most',
  maxLifetimeDays: 'Days of life, at most',
  maxRotationOverlapSeconds: 'Seconds of overlap, at most',
  memberKeys: 'Keys of members',
  metadata: 'Metadata',
  name: 'Name',
  ownerId: 'Owner',
  pendingUntil: 'Waits for approval until',
  previousExpiresAt: 'Old secret works until',
  rateLimit: 'Requests at most',
  requestReason: 'Why it is needed',
  requireExpiry: 'Every key must expire',
  revocationNote: 'Note',
  revocationReason: 'Reason',
  revokedAt: 'Revoked',
  scopes: 'Scopes',
  suspendedAt: 'Suspended',
};

/** Each changed member, old → new. An old value that was empty is left out. */
export function Changes({ changes }: { changes: Readonly<Record<string, unknown>> }) {
  const members = Object.entries(changes);
  if (members.length === 0) return null;
  return (
    <ul className="changes">
      {members.map(([name, change]) => {
        const { old, new: now } = (change ?? {}) as { old?: unknown; new?: unknown };
        return (
          <li key={name}>
            <span className="quiet">{MEMBER_WORDS[name] ?? name}:</span>{' '}
            {!isNothing(old) && (
              <>
                <del>
                  <Value name={name} value={old} />
                </del>{' '}
                <span aria-hidden>→</span>{' '}
              </>
            )}
            <ins>
              <Value name={name} value={now} />
            </ins>
          </li>
        );
      })}
    </ul>
  );
}

function Value({ name, value }: { name: string; value: unknown }) {
  if (name === 'ownerId' && typeof value === 'string') return <UserName id={value} />;
  return valueOf(value);
}

/** The name of somebody of the tenant; of others, the id. */
function UserName({ id }: { id: string }) {
  const viewer = useViewer();
  const { data } = useAnswer(UsersDocument, {}, { isPaused: !isAdmin(viewer) });
  if (id === viewer.user.id) return viewer.user.name;
  return data?.users.nodes.find((user) => user.id === id)?.name ?? id;
}

const isNothing = (value: unknown): boolean =>
  value == null || value === '' || (Array.isArray(value) && value.length === 0);

export function valueOf(value: unknown): string {
  if (isNothing(value)) return 'nothing';
  if (Array.isArray(value)) return value.map(valueOf).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? formatInstant(value) : value;
  const { limit, windowSeconds, ...others } = value as { limit?: unknown; windowSeconds?: unknown };
  if (typeof limit === 'number' && typeof windowSeconds === 'number' && Object.keys(others).length === 0)
    return `${formatNumber(limit)} in ${formatNumber(windowSeconds)} seconds`;
  return JSON.stringify(value);
}
