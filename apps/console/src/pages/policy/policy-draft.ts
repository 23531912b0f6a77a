import type { MemberKeys, SetApiKeyPolicyInput } from '../../generated/graphql.js';
import type { Policy } from '../../keys/policy.js';
import { linesOf } from '../../shared/lines.js';

/** The rules as typed. An empty number is no rule. */
export interface PolicyDraft {
  memberKeys: MemberKeys;
  requireExpiry: boolean;
  maxLifetimeDays: string;
  maxInactiveDays: string;
  maxKeysPerOwner: string;
  maxRotationOverlapHours: string;
  networks: string;
  /** Undefined: every scope. */
  allowedScopes: ReadonlySet<string> | undefined;
}

const HOUR = 3600;

const textOf = (value: number | null | undefined): string => (value == null ? '' : String(value));
const numberOf = (text: string): number | null => (text === '' ? null : Number(text));

export function draftOf(policy: Policy): PolicyDraft {
  return {
    memberKeys: policy.memberKeys,
    requireExpiry: policy.requireExpiry,
    maxLifetimeDays: textOf(policy.maxLifetimeDays),
    maxInactiveDays: textOf(policy.maxInactiveDays),
    maxKeysPerOwner: textOf(policy.maxKeysPerOwner),
    maxRotationOverlapHours: textOf(policy.maxRotationOverlapSeconds / HOUR),
    networks: policy.allowedCidrs.join('\n'),
    allowedScopes: policy.allowedScopes ? new Set(policy.allowedScopes) : undefined,
  };
}

export function policyInputOf(draft: PolicyDraft): SetApiKeyPolicyInput {
  return {
    memberKeys: draft.memberKeys,
    requireExpiry: draft.requireExpiry,
    maxLifetimeDays: numberOf(draft.maxLifetimeDays),
    maxInactiveDays: numberOf(draft.maxInactiveDays),
    maxKeysPerOwner: numberOf(draft.maxKeysPerOwner),
    maxRotationOverlapSeconds: Math.round(Number(draft.maxRotationOverlapHours) * HOUR),
    allowedCidrs: linesOf(draft.networks),
    allowedScopes: draft.allowedScopes ? [...draft.allowedScopes] : null,
  };
}
