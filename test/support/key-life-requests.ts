import { DAY_MS } from './durations.js';
import {
  type Action,
  created,
  expiryProblems,
  invalid,
  type Key,
  type Outcome,
  outcomeOf,
  scopeProblems,
  statusOf,
  type Tenant,
  type Terms,
  withKey,
} from './key-life-model.js';

/** What members ask for, and what becomes of it. `request`: an owner makes a key by its own session. */
export type RequestAction =
  | ({ readonly kind: 'request'; readonly owner: number } & Terms)
  | { readonly kind: 'approve'; readonly key: number; readonly versionsBehind: number }
  | { readonly kind: 'reject'; readonly key: number };
export type AnyAction = Action | RequestAction;

/** What comes of an action at `now`, requests included. */
export function outcomeOfAny(tenant: Tenant, action: AnyAction, now: number): Outcome {
  if (action.kind === 'request') return requested(tenant, action, now);
  if (action.kind !== 'approve' && action.kind !== 'reject') return outcomeOf(tenant, action, now);
  const key = tenant.keys[action.key];
  if (!key) throw new Error('There is no such key.');
  const status = statusOf(tenant, key, now);
  if (action.kind === 'approve' && key.isApproved && !['REVOKED', 'EXPIRED'].includes(status))
    return { next: () => tenant };
  if (status !== 'PENDING') return { refusal: `CONFLICT INVALID_STATE ${status}` };
  const change = (members: Partial<Key>): Outcome => ({
    next: () => withKey(tenant, { ...key, ...members, version: key.version + 1 }),
  });
  if (action.kind === 'reject') return change({ isRevoked: true });
  if (action.versionsBehind > 0) return { refusal: 'CONFLICT VERSION_MISMATCH' };
  // What was asked for is not checked again for being in the future.
  const problems = [
    ...scopeProblems(tenant, key.owner, key.scopes),
    ...expiryProblems(tenant.policy, key.expiresAt, -Infinity, key.createdAt),
  ];
  return problems.length > 0 ? { refusal: invalid(problems) } : change({ pendingUntil: null, isApproved: true });
}

function requested(tenant: Tenant, action: RequestAction & { kind: 'request' }, now: number): Outcome {
  const owner = tenant.owners[action.owner];
  if (!owner?.isActive || tenant.isSuspended) return { refusal: 'UNAUTHENTICATED INVALID_SESSION' };
  const made = created(tenant, { ...action, kind: 'create' }, now);
  if ('refusal' in made || owner.role === 'TENANT_ADMIN') return made;
  return {
    next: (shown) => {
      const next = made.next(shown);
      const key = next.keys.at(-1);
      return key ? withKey(next, { ...key, pendingUntil: shown.createdAt + 7 * DAY_MS }) : next;
    },
  };
}

/** The tenant when so much time has passed: its keys are as much older. */
export function aged(tenant: Tenant, ms: number): Tenant {
  const age = (instant: number | null) => (instant === null ? null : instant - ms);
  const older = (key: Key): Key => ({
    ...key,
    createdAt: key.createdAt - ms,
    expiresAt: age(key.expiresAt),
    pendingUntil: age(key.pendingUntil),
    previous: key.previous && { ...key.previous, endsAt: key.previous.endsAt - ms },
  });
  return { ...tenant, keys: tenant.keys.map(older) };
}
