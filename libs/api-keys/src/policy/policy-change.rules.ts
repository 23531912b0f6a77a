import { type Input, LIMITS } from '#kernel';
import type { KeyPolicy } from './key-policy.rules.js';
import { readCidrs } from '../limits/networks.rules.js';
import { checkScopes, type ScopeCeiling } from '../keys/scopes.rules.js';

/** A requested change of a policy. Undefined members stay as they are; null clears a member. */
export type PolicyChange = { readonly [Member in keyof KeyPolicy]?: KeyPolicy[Member] | null };

const LIMITED = {
  maxLifetimeDays: LIMITS.policy.days,
  maxInactiveDays: LIMITS.policy.days,
  maxKeysPerOwner: LIMITS.policy.keysPerOwner,
} as const;

/**
 * The members that were sent, each with its new value.
 * @param catalogue all scopes of the application
 */
export function readPolicyChange(
  change: Input<PolicyChange>,
  catalogue: Pick<ScopeCeiling, 'isKnown' | 'suggestionsFor'>,
): Partial<KeyPolicy> {
  const { requireExpiry, allowedScopes, allowedCidrs, maxRotationOverlapSeconds, memberKeys } = change.value;
  const read: { -readonly [Member in keyof KeyPolicy]?: KeyPolicy[Member] } = {};
  for (const member of ['requireExpiry', 'maxRotationOverlapSeconds', 'memberKeys'] as const)
    if (change.value[member] === null) change.at(member).refuse('REQUIRED', 'may not be null.');
  for (const member of Object.keys(LIMITED) as (keyof typeof LIMITED)[])
    if (change.value[member] !== undefined) read[member] = change.given(member)?.wholeNumber(LIMITED[member]) ?? null;
  if (requireExpiry != null) read.requireExpiry = requireExpiry;
  if (memberKeys != null) read.memberKeys = memberKeys;
  if (maxRotationOverlapSeconds != null)
    read.maxRotationOverlapSeconds = change
      .at('maxRotationOverlapSeconds')
      .as(maxRotationOverlapSeconds)
      .wholeNumber(LIMITS.policy.rotationOverlapSeconds);
  const scopes = change.given('allowedScopes');
  if (scopes) checkScopes(scopes, { ...catalogue, isGrantable: () => true });
  if (allowedScopes !== undefined) read.allowedScopes = allowedScopes;
  if (allowedCidrs !== undefined) read.allowedCidrs = readCidrs(change.at('allowedCidrs').as(allowedCidrs ?? []));
  return read;
}
