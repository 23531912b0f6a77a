import type { ApiKeyStatus, KeyRowFragment } from '../generated/graphql.js';
import { STATUS_WORDS } from '../shared/words.js';
import { DAY_MS, formatInstant, relativeTo, useNow } from '../shared/time.js';

const TONES: Readonly<Record<ApiKeyStatus, string>> = {
  ACTIVE: 'good',
  EXPIRED: 'bad',
  OWNER_INACTIVE: 'warn',
  PENDING: 'warn',
  POLICY_BLOCKED: 'warn',
  REVOKED: 'quiet',
  SUSPENDED: 'warn',
  TENANT_SUSPENDED: 'warn',
};
const SOON_MS = 14 * DAY_MS;

type Key = Pick<
  KeyRowFragment,
  | 'status'
  | 'owner'
  | 'expiresAt'
  | 'effectiveExpiresAt'
  | 'suspendedAt'
  | 'revokedAt'
  | 'revocationReason'
  | 'scopes'
  | 'effectiveScopes'
  | 'rotation'
>;

/** What the key is worth now, and the reason in words. */
export function Status({ apiKey }: { apiKey: Key }) {
  const now = useNow();
  const reason = reasonOf(apiKey, now);
  return (
    <span className="status">
      <span className={`badge badge-${TONES[apiKey.status]}`}>{STATUS_WORDS[apiKey.status]}</span>
      {reason && <span className="quiet">{reason}</span>}
    </span>
  );
}

export const REASON_WORDS: Readonly<Record<NonNullable<Key['revocationReason']>, string>> = {
  COMPROMISED: 'somebody else may have it',
  OTHER: 'no reason given',
  OWNER_LEFT: 'its owner left',
  POLICY: 'it broke the rules',
  SUPERSEDED: 'another key took its place',
  UNUSED: 'nobody needed it',
};

function reasonOf(key: Key, now: number): string | undefined {
  switch (key.status) {
    case 'ACTIVE':
      return activeAdvice(key, now);
    case 'EXPIRED':
      return expiredReason(key, now);
    case 'OWNER_INACTIVE':
      return `${key.owner.name} is not active; transfer the key to somebody who is`;
    case 'PENDING':
      return 'an admin has not approved it yet, and it opens nothing';
    case 'POLICY_BLOCKED':
      return 'it breaks a rule of the policy, and works again once it does not';
    case 'REVOKED':
      return `${key.revokedAt ? relativeTo(now, key.revokedAt) : ''}: ${REASON_WORDS[key.revocationReason ?? 'OTHER']}`;
    case 'SUSPENDED':
      return `${key.suspendedAt ? relativeTo(now, key.suspendedAt) : ''}, until somebody resumes it`;
    case 'TENANT_SUSPENDED':
      return 'no key of this tenant works';
  }
}

/** A key whose own expiry has not come was a request that nobody answered in time. */
function expiredReason({ expiresAt }: Key, now: number): string {
  if (expiresAt == null || new Date(expiresAt).getTime() > now)
    return 'no admin answered the request within 7 days; ask for another key';
  return `${relativeTo(now, expiresAt)}; a new expiry revives it`;
}

/** What somebody should know of a key that works. */
function activeAdvice(key: Key, now: number): string | undefined {
  const end = key.effectiveExpiresAt;
  if (key.rotation) return `two secrets work until ${formatInstant(key.rotation.previousExpiresAt)}`;
  if (end != null && new Date(end).getTime() - now < SOON_MS) return `ends ${relativeTo(now, end)}`;
  const cut = key.scopes.length - key.effectiveScopes.length;
  if (cut > 0) return `${cut} of ${key.scopes.length} scopes do not work now`;
  return undefined;
}
