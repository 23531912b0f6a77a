import { LIMITS, type ProblemPath, type Problems } from '#kernel';
import { liesWithin } from '../limits/networks.rules.js';

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
}
export type PolicyRule = Exclude<keyof KeyPolicy, 'maxRotationOverlapSeconds'>;

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
});

/** The requested values of a key. A member left out is not checked: an unchanged or narrower value needs no permission. */
export interface KeyTerms {
  readonly scopes?: readonly string[];
  /** Null: never. */
  readonly expiresAt?: Date | null;
  /** As `readCidrs` returns them. Empty: every network that the policy allows. */
  readonly allowedCidrs?: readonly string[];
}

export interface BrokenRule {
  readonly rule: PolicyRule;
  /** The member that breaks the rule and, for a list, its index. */
  readonly path: readonly [keyof KeyTerms] | readonly [keyof KeyTerms, number];
  readonly message: string;
}

/**
 * The rules that `terms` would break. `maxInactiveDays` applies only at use, `maxKeysPerOwner` only at creation. Days have 24
 * hours. A key that never expires is not yet too old: `requireExpiry` forbids such a key.
 * @param createdAt the time of the key's creation; for a new key, the present time by the database's clock
 */
export function brokenRules(policy: KeyPolicy, terms: KeyTerms, createdAt: Date): BrokenRule[] {
  const broken: BrokenRule[] = [];
  const { expiresAt, scopes = [], allowedCidrs = [] } = terms;
  if (policy.requireExpiry && expiresAt === null)
    broken.push({ rule: 'requireExpiry', path: ['expiresAt'], message: "is required by the tenant's policy." });
  if (policy.maxLifetimeDays !== null && expiresAt && expiresAt > endOfLife(createdAt, policy.maxLifetimeDays))
    broken.push({
      rule: 'maxLifetimeDays',
      path: ['expiresAt'],
      message: `may be at most ${policy.maxLifetimeDays} days after the key was made, by the tenant's policy.`,
    });
  scopes.forEach((scope, index) => {
    if (policy.allowedScopes && !policy.allowedScopes.includes(scope))
      broken.push({
        rule: 'allowedScopes',
        path: ['scopes', index],
        message: "is not allowed by the tenant's policy.",
      });
  });
  allowedCidrs.forEach((cidr, index) => {
    if (policy.allowedCidrs.length > 0 && !liesWithin(cidr, policy.allowedCidrs))
      broken.push({
        rule: 'allowedCidrs',
        path: ['allowedCidrs', index],
        message: "does not lie within a network that the tenant's policy allows.",
      });
  });
  return broken;
}

/**
 * Adds each rule of `policy` that `terms` would break, as POLICY_VIOLATION with its rule. A member that already has a problem
 * gets no second one: an expiry in the past and an unknown scope keep their own problem.
 * @param path of the input that holds the members
 */
export function checkPolicy(
  policy: KeyPolicy,
  terms: KeyTerms,
  createdAt: Date,
  path: ProblemPath,
  problems: Problems,
): void {
  for (const broken of brokenRules(policy, terms, createdAt)) {
    const at = [...path, ...broken.path];
    if (!problems.hasAt(at)) problems.add(at, 'POLICY_VIOLATION', broken.message, { rule: broken.rule });
  }
}

function endOfLife(createdAt: Date, days: number): Date {
  return new Date(createdAt.getTime() + days * DAY_MS);
}
