import { type Input, LIMITS } from '#kernel';
import { liesWithin } from '../limits/networks.rules.js';
import type { MemberKeys } from '../words.js';

const DAY_MS = 86_400_000;

/** A tenant's own rules for its keys. */
export interface KeyPolicy {
  readonly maxLifetimeDays: number | null;
  readonly maxInactiveDays: number | null;
  readonly requireExpiry: boolean;
  /** Null: every scope. */
  readonly allowedScopes: readonly string[] | null;
  /** Empty: any network. */
  readonly allowedCidrs: readonly string[];
  readonly maxKeysPerOwner: number | null;
  readonly maxRotationOverlapSeconds: number;
  /** May users below TENANT_ADMIN make keys of their own? */
  readonly memberKeys: MemberKeys;
}
export type PolicyRule = Exclude<keyof KeyPolicy, 'maxRotationOverlapSeconds' | 'memberKeys'>;

/**
 * The policy of a tenant that has set nothing: everything is allowed, and an old secret outlives its rotation by at most a week.
 * A week is long enough for a weekly deployment to pick up the new secret.
 */
export const DEFAULT_POLICY: KeyPolicy = Object.freeze({
  maxLifetimeDays: null,
  maxInactiveDays: null,
  requireExpiry: false,
  allowedScopes: null,
  allowedCidrs: [],
  maxKeysPerOwner: null,
  maxRotationOverlapSeconds: LIMITS.policy.rotationOverlapSeconds.default,
  memberKeys: 'NONE',
});

/** The requested values of a key. A member left out is not checked: an unchanged or narrower value needs no permission. */
export interface KeyTerms {
  readonly scopes?: readonly string[];
  /** Null: never. */
  readonly expiresAt?: Date | null;
  /** As `readCidrs` returns them. Empty: every network that the policy allows. */
  readonly allowedCidrs?: readonly string[];
}

/**
 * Refuses each value in `terms` that breaks a rule of `policy`, as POLICY_VIOLATION with its rule. A value that was refused before
 * gets no second problem: an expiry in the past and an unknown scope keep their own problem. `maxInactiveDays` applies only at
 * use, `maxKeysPerOwner` only at creation. Days have 24 hours. A key that never expires is not yet too old: `requireExpiry`
 * forbids such a key.
 * @param createdAt the time of the key's creation; for a new key, the present time by the database's clock
 */
export function checkPolicy(terms: Input<KeyTerms>, policy: KeyPolicy, createdAt: Date): void {
  const { expiresAt } = terms.value;
  if (policy.requireExpiry && expiresAt === null)
    violate(terms.at('expiresAt'), 'requireExpiry', "is required by the tenant's policy.");
  if (policy.maxLifetimeDays !== null && expiresAt && expiresAt > endOfLife(createdAt, policy.maxLifetimeDays)) {
    const message = `may be at most ${policy.maxLifetimeDays} days after the key was made, by the tenant's policy.`;
    violate(terms.at('expiresAt'), 'maxLifetimeDays', message);
  }
  for (const scope of terms.given('scopes')?.items() ?? [])
    if (policy.allowedScopes && !policy.allowedScopes.includes(scope.value))
      violate(scope, 'allowedScopes', "is not allowed by the tenant's policy.");
  for (const cidr of terms.given('allowedCidrs')?.items() ?? [])
    if (policy.allowedCidrs.length > 0 && !liesWithin(cidr.value, policy.allowedCidrs))
      violate(cidr, 'allowedCidrs', "does not lie within a network that the tenant's policy allows.");
}

function violate(term: Input<unknown>, rule: PolicyRule, message: string): void {
  if (!term.isRefused) term.refuse('POLICY_VIOLATION', message, { rule });
}

function endOfLife(createdAt: Date, days: number): Date {
  return new Date(createdAt.getTime() + days * DAY_MS);
}
