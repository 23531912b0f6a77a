import type { Answer } from './answer.js';
import type { GivenTenant } from './given.js';
import type { TestPortal } from './test-portal.js';

export const POLICY = `{ apiKeyPolicy { maxLifetimeDays maxInactiveDays requireExpiry allowedScopes allowedCidrs maxKeysPerOwner
  maxRotationOverlapSeconds memberKeys updatedAt } }`;
export const SET_POLICY = `mutation ($input: SetApiKeyPolicyInput!) { setApiKeyPolicy(input: $input) {
  policy { maxLifetimeDays maxInactiveDays requireExpiry allowedScopes allowedCidrs maxKeysPerOwner
    maxRotationOverlapSeconds memberKeys updatedAt }
  violations { apiKey { id } rules } violationCount } }`;
export const PREVIEW_POLICY = `query ($input: SetApiKeyPolicyInput!) { apiKeyPolicyPreview(input: $input) { apiKey { id } rules } }`;

/** The policy of a tenant that has set nothing. */
export const DEFAULT_POLICY = {
  maxLifetimeDays: null,
  maxInactiveDays: null,
  requireExpiry: false,
  allowedScopes: null,
  allowedCidrs: [],
  maxKeysPerOwner: null,
  maxRotationOverlapSeconds: 604_800,
  memberKeys: 'NONE',
};

export type Input = Record<string, unknown>;

/** Asks as the tenant's admin. */
export async function askAsAdmin(
  api: TestPortal,
  tenant: GivenTenant,
  document: string,
  variables: Input = {},
): Promise<Answer> {
  const { session } = await api.given.admin(tenant);
  return api.query(document, { session, variables });
}
