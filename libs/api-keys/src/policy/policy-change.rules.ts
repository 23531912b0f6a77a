import { Input, LIMITS, type NumberRule, type ProblemPath, type Problems, readWholeNumber } from '#kernel';
import type { KeyPolicy } from './key-policy.rules.js';
import { readCidrs } from '../limits/networks.rules.js';
import { checkScopes, type ScopeCeiling } from '../keys/scopes.rules.js';

/** A requested change of a policy. Undefined members stay as they are; null clears a member. */
export type PolicyChange = { readonly [Member in keyof KeyPolicy]?: KeyPolicy[Member] | null };

const NUMBERS = {
  maxLifetimeDays: LIMITS.policy.days,
  maxInactiveDays: LIMITS.policy.days,
  maxKeysPerOwner: LIMITS.policy.keysPerOwner,
  maxRotationOverlapSeconds: LIMITS.policy.rotationOverlapSeconds,
} satisfies Partial<Record<keyof KeyPolicy, NumberRule>>;

/** Members that a policy always has. */
const NEVER_NULL = ['requireExpiry', 'maxRotationOverlapSeconds'] as const;

/**
 * `policy` with the change applied. Every failure is added to `problems`.
 * @param catalogue all scopes of the application
 * @returns not usable when a problem was added
 */
export function changedPolicy(
  policy: KeyPolicy,
  change: PolicyChange,
  catalogue: Pick<ScopeCeiling, 'isKnown' | 'suggestionsFor'>,
  path: ProblemPath,
  problems: Problems,
): KeyPolicy {
  for (const member of NEVER_NULL)
    if (change[member] === null) problems.add([...path, member], 'REQUIRED', 'may not be null.');
  for (const [member, rule] of Object.entries(NUMBERS)) {
    const value = change[member as keyof typeof NUMBERS];
    if (value != null) readWholeNumber(value, rule, [...path, member], problems);
  }
  const { allowedScopes, allowedCidrs } = change;
  if (allowedScopes)
    checkScopes(new Input(allowedScopes, [...path, 'allowedScopes'], problems), {
      ...catalogue,
      isGrantable: () => true,
    });
  return {
    maxLifetimeDays: given(change.maxLifetimeDays, policy.maxLifetimeDays),
    maxInactiveDays: given(change.maxInactiveDays, policy.maxInactiveDays),
    requireExpiry: change.requireExpiry ?? policy.requireExpiry,
    allowedScopes: given(allowedScopes, policy.allowedScopes),
    allowedCidrs:
      allowedCidrs === undefined
        ? policy.allowedCidrs
        : readCidrs(allowedCidrs ?? [], [...path, 'allowedCidrs'], problems),
    maxKeysPerOwner: given(change.maxKeysPerOwner, policy.maxKeysPerOwner),
    maxRotationOverlapSeconds: change.maxRotationOverlapSeconds ?? policy.maxRotationOverlapSeconds,
  };
}

function given<Value>(value: Value | undefined, otherwise: Value): Value {
  return value === undefined ? otherwise : value;
}
