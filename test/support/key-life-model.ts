import { DAY_MS } from './durations.js';
/** A model of the life of keys by the public contract, without a database, a clock or a request. */

export type Status =
  'REVOKED' | 'EXPIRED' | 'SUSPENDED' | 'TENANT_SUSPENDED' | 'OWNER_INACTIVE' | 'PENDING' | 'POLICY_BLOCKED' | 'ACTIVE';
export type Role = 'TENANT_ADMIN' | 'OPERATOR' | 'VIEWER';

/** Instants are milliseconds since 1970. */
export interface Key {
  readonly id: string;
  /** Place in the list of owners. */
  readonly owner: number;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number | null;
  /** End of a request for approval. */
  readonly pendingUntil: number | null;
  readonly isApproved: boolean;
  readonly isSuspended: boolean;
  readonly isRevoked: boolean;
  readonly version: number;
  /** Every one that it ever had; the last is the newest. */
  readonly secrets: readonly string[];
  readonly previous: { readonly secret: string; readonly endsAt: number } | null;
  readonly isNewestUsed: boolean;
}
export interface Policy {
  readonly requireExpiry: boolean;
  readonly maxLifetimeDays: number | null;
  readonly allowedScopes: readonly string[] | null;
  readonly maxKeysPerOwner: number | null;
  readonly maxRotationOverlapSeconds: number;
  readonly memberKeys: 'APPROVAL';
}
/** All that bears on one tenant's keys. */
export interface Tenant {
  readonly isSuspended: boolean;
  readonly owners: readonly { readonly id: string; readonly role: Role; readonly isActive: boolean }[];
  readonly policy: Policy;
  readonly keys: readonly Key[];
}
export type Presented = 'newest' | 'previous' | 'first';
export interface Terms {
  readonly scopes: readonly string[];
  readonly expiresAt: number | null;
}
/** An action and its arguments; `key` and `owner` are indexes in the tenant's lists. */
export type Action =
  | ({ readonly kind: 'create'; readonly owner: number } & Terms)
  | ({ readonly kind: 'update'; readonly key: number; readonly expectedVersion?: number } & Partial<Terms>)
  | {
      readonly kind: 'rotate';
      readonly key: number;
      readonly overlapSeconds: number;
      readonly by: Presented | 'session';
    }
  | { readonly kind: 'complete'; readonly key: number; readonly force: boolean }
  | { readonly kind: 'suspend' | 'resume' | 'revoke'; readonly key: number }
  | { readonly kind: 'revokeOwn' | 'use'; readonly key: number; readonly by: Presented }
  | { readonly kind: 'transfer'; readonly key: number; readonly owner: number };
/** Values of a new key or secret that only an answer shows. */
export interface Made {
  readonly id: string;
  readonly secret: string;
  readonly createdAt: number;
}
/** The refusal that a client reads, or the tenant as it is then. */
export type Outcome = { readonly refusal: string } | { readonly next: (made: Made) => Tenant };

const opens = (role: Role, scope: string) => role !== 'VIEWER' || ['devices:read', 'alerts:read'].includes(scope);

const newestOf = (key: Key): string => key.secrets.at(-1) ?? '';
export const isRotating = ({ previous }: Key, now: number): boolean => previous !== null && previous.endsAt > now;
const hasExpired = ({ expiresAt, pendingUntil }: Key, now: number) =>
  (expiresAt ?? Infinity) <= now || (pendingUntil ?? Infinity) <= now;

export function statusOf({ owners, policy, isSuspended }: Tenant, key: Key, now: number): Status {
  const { requireExpiry, maxLifetimeDays } = policy;
  if (key.isRevoked) return 'REVOKED';
  if (hasExpired(key, now)) return 'EXPIRED';
  if (key.isSuspended) return 'SUSPENDED';
  if (isSuspended) return 'TENANT_SUSPENDED';
  if (!owners[key.owner]?.isActive) return 'OWNER_INACTIVE';
  if (key.pendingUntil !== null) return 'PENDING';
  const isTooOld = maxLifetimeDays !== null && key.createdAt + maxLifetimeDays * DAY_MS <= now;
  return isTooOld || (requireExpiry && key.expiresAt === null) ? 'POLICY_BLOCKED' : 'ACTIVE';
}

export function effectiveScopesOf({ owners, policy }: Tenant, key: Key): string[] {
  const role = owners[key.owner]?.role ?? 'VIEWER';
  return key.scopes.filter((scope) => opens(role, scope) && (policy.allowedScopes?.includes(scope) ?? true));
}

/** Why this secret opens nothing; undefined where it works. */
export function refusalOf(tenant: Tenant, key: Key, secret: string, now: number): string | undefined {
  const isOpen = secret === newestOf(key) || (isRotating(key, now) && secret === key.previous?.secret);
  const status = isOpen ? statusOf(tenant, key, now) : 'REVOKED';
  if (status === 'ACTIVE') return undefined;
  return ['REVOKED', 'EXPIRED', 'SUSPENDED', 'PENDING'].includes(status) ? `${status}_KEY` : status;
}

/** Would a request with it be the first use of a new secret beside the old one? */
export const awaitsFirstUse = (key: Key, secret: string, now: number): boolean =>
  secret === newestOf(key) && isRotating(key, now) && !key.isNewestUsed;

export function secretOf(key: Key, by: Presented): string {
  if (by === 'previous' && key.previous) return key.previous.secret;
  return by === 'first' ? (key.secrets[0] ?? '') : newestOf(key);
}

/** The outcome of an action at `now`. */
export function outcomeOf(tenant: Tenant, action: Action, now: number): Outcome {
  if (action.kind === 'create') return created(tenant, action, now);
  const key = tenant.keys[action.key];
  if (!key) throw new Error('There is no such key.');
  const change = (members: Partial<Key>): Outcome => ({
    next: () => withKey(tenant, { ...key, ...members, version: key.version + 1 }),
  });
  const nothing: Outcome = { next: () => tenant };
  if ('by' in action && action.by !== 'session') return byItself(tenant, key, action, now);
  const status = statusOf(tenant, key, now);
  const isDead = key.isRevoked || (['EXPIRED', 'PENDING'].includes(status) && action.kind === 'transfer');
  if (action.kind === 'revoke') return key.isRevoked ? nothing : change({ isRevoked: true });
  const needsLife = ['rotate', 'complete'].includes(action.kind) && !['ACTIVE', 'POLICY_BLOCKED'].includes(status);
  if (isDead || needsLife) return { refusal: `CONFLICT INVALID_STATE ${status}` };
  switch (action.kind) {
    case 'suspend':
      return key.isSuspended ? nothing : change({ isSuspended: true });
    case 'resume':
      return key.isSuspended ? change({ isSuspended: false }) : nothing;
    case 'complete':
      if (isRotating(key, now) && !key.isNewestUsed && !action.force) return { refusal: 'CONFLICT NEW_SECRET_UNUSED' };
      return isRotating(key, now) ? change({ previous: null }) : nothing;
    case 'update':
      return updated(tenant, key, action, now);
    case 'transfer':
      return transferred(tenant, key, action.owner);
    default:
      return rotated(tenant, key, action.kind === 'rotate' ? action.overlapSeconds : 0, now);
  }
}

/** An action of a key on itself. Its new secret counts as used from then on, with any outcome of the request. */
function byItself(tenant: Tenant, key: Key, action: Action & { by: string }, now: number): Outcome {
  const secret = secretOf(key, action.by as Presented);
  const reason = refusalOf(tenant, key, secret, now);
  if (reason) return { refusal: `UNAUTHENTICATED ${reason}` };
  const used = { ...key, isNewestUsed: key.isNewestUsed || awaitsFirstUse(key, secret, now) };
  if (action.kind === 'use') return { next: () => withKey(tenant, used) };
  if (action.kind !== 'rotate')
    return { next: () => withKey(tenant, { ...used, isRevoked: true, version: key.version + 1 }) };
  if (secret !== newestOf(key) && key.isNewestUsed) return { refusal: 'CONFLICT INVALID_STATE ACTIVE' };
  return rotated(tenant, used, action.overlapSeconds, now);
}

function rotated(tenant: Tenant, key: Key, overlapSeconds: number, now: number): Outcome {
  const overlap = Math.min(overlapSeconds, tenant.policy.maxRotationOverlapSeconds) * 1000;
  const endsAt = Math.min(now + overlap, key.expiresAt ?? Infinity);
  const isRetried = isRotating(key, now) && !key.isNewestUsed;
  const previous =
    isRetried && key.previous
      ? { ...key.previous, endsAt: Math.min(endsAt, key.previous.endsAt) }
      : { secret: newestOf(key), endsAt };
  return {
    next: ({ secret }) =>
      withKey(tenant, {
        ...key,
        previous,
        secrets: [...key.secrets, secret],
        isNewestUsed: false,
        version: key.version + 1,
      }),
  };
}

export function created(
  tenant: Tenant,
  { owner, scopes, expiresAt }: Action & { kind: 'create' },
  now: number,
): Outcome {
  if (!tenant.owners[owner]?.isActive) return { refusal: 'CONFLICT INVALID_STATE OWNER_INACTIVE' };
  const { maxKeysPerOwner } = tenant.policy;
  const theirs = tenant.keys.filter((key) => key.owner === owner && !key.isRevoked && !hasExpired(key, now));
  const problems = [
    ...scopeProblems(tenant, owner, scopes),
    ...expiryProblems(tenant.policy, expiresAt, now, now),
    ...(maxKeysPerOwner !== null && theirs.length >= maxKeysPerOwner
      ? ['input.ownerId POLICY_VIOLATION maxKeysPerOwner']
      : []),
  ];
  if (problems.length > 0) return { refusal: invalid(problems) };
  const never = { isSuspended: false, isRevoked: false, isApproved: false, isNewestUsed: false };
  const plain = { ...never, pendingUntil: null, version: 1, previous: null };
  return {
    next: ({ id, secret, createdAt }) =>
      withKey(tenant, { ...plain, id, owner, scopes, expiresAt, createdAt, secrets: [secret] }),
  };
}

function updated(tenant: Tenant, key: Key, action: Action & { kind: 'update' }, now: number): Outcome {
  const { scopes = key.scopes, expiresAt = key.expiresAt, expectedVersion = key.version } = action;
  if (expectedVersion !== key.version) return { refusal: 'CONFLICT VERSION_MISMATCH' };
  const livesLonger = key.expiresAt !== null && (expiresAt === null || expiresAt > key.expiresAt);
  const mayDoMore = scopes.some((scope) => !key.scopes.includes(scope));
  const problems = mayDoMore || (livesLonger && hasExpired(key, now)) ? scopeProblems(tenant, key.owner, scopes) : [];
  if (livesLonger) problems.push(...expiryProblems(tenant.policy, expiresAt, now, key.createdAt));
  else if (expiresAt !== key.expiresAt && expiresAt !== null && expiresAt < now + 60_000)
    problems.push('input.expiresAt NOT_IN_FUTURE');
  if (problems.length > 0) return { refusal: invalid(problems) };
  const isSame = expiresAt === key.expiresAt && scopes.join() === key.scopes.join();
  const cut = key.previous && { ...key.previous, endsAt: Math.min(key.previous.endsAt, expiresAt ?? Infinity) };
  const changed = { ...key, scopes, expiresAt, previous: cut, version: key.version + 1 };
  return { next: () => (isSame ? tenant : withKey(tenant, changed)) };
}

function transferred(tenant: Tenant, key: Key, owner: number): Outcome {
  const [old, heir] = [tenant.owners[key.owner], tenant.owners[owner]];
  if (!old || !heir || owner === key.owner) return { next: () => tenant };
  if (!heir.isActive) return { refusal: 'CONFLICT INVALID_STATE OWNER_INACTIVE' };
  const scopes = key.scopes.filter((scope) => opens(old.role, scope) && opens(heir.role, scope));
  if (scopes.length === 0) return { refusal: invalid(['ownerId SCOPE_NOT_GRANTABLE']) };
  return { next: () => withKey(tenant, { ...key, owner, scopes, version: key.version + 1 }) };
}

export function scopeProblems({ owners, policy }: Tenant, owner: number, scopes: readonly string[]): string[] {
  const role = owners[owner]?.role ?? 'VIEWER';
  return scopes.flatMap((scope, index) => {
    if (!opens(role, scope)) return [`input.scopes.${index} SCOPE_NOT_GRANTABLE`];
    const isAllowed = policy.allowedScopes?.includes(scope) ?? true;
    return isAllowed ? [] : [`input.scopes.${index} POLICY_VIOLATION allowedScopes`];
  });
}

export function expiryProblems(policy: Policy, expiresAt: number | null, now: number, createdAt: number): string[] {
  const { requireExpiry, maxLifetimeDays } = policy;
  if (expiresAt === null) return requireExpiry ? ['input.expiresAt POLICY_VIOLATION requireExpiry'] : [];
  if (expiresAt < now + 60_000) return ['input.expiresAt NOT_IN_FUTURE'];
  const isTooLate = maxLifetimeDays !== null && expiresAt > createdAt + maxLifetimeDays * DAY_MS;
  return isTooLate ? ['input.expiresAt POLICY_VIOLATION maxLifetimeDays'] : [];
}

export const invalid = (problems: readonly string[]) => `BAD_USER_INPUT ${[...problems].sort().join(', ')}`;

/** The tenant with this key in its place, or as its latest. */
export function withKey(tenant: Tenant, key: Key): Tenant {
  const isKnown = tenant.keys.some(({ id }) => id === key.id);
  const keys = isKnown ? tenant.keys.map((other) => (other.id === key.id ? key : other)) : [...tenant.keys, key];
  return { ...tenant, keys };
}
