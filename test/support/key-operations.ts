import type { Answer } from './answer.js';
import type { Ask } from './test-portal.js';
import { createKey } from './given.js';

const KEY = `id name description keyPrefix status scopes effectiveScopes createdAt expiresAt suspendedAt revokedAt revocationReason
  version owner { id } rotation { startedAt previousKeyPrefix previousExpiresAt previousLastUsedAt newFirstUsedAt }`;

/** A key as these operations answer it. */
export interface AnsweredKey {
  id: string;
  name: string;
  description: string | null;
  keyPrefix: string;
  status: string;
  scopes: string[];
  effectiveScopes: string[];
  createdAt: string;
  expiresAt: string | null;
  suspendedAt: string | null;
  revokedAt: string | null;
  revocationReason: string | null;
  version: number;
  owner: { id: string };
  rotation: {
    startedAt: string;
    previousKeyPrefix: string;
    previousExpiresAt: string;
    previousLastUsedAt: string | null;
    newFirstUsedAt: string | null;
  } | null;
}

const DOCUMENTS = {
  apiKey: `query ($id: ID!) { apiKey(id: $id) { ${KEY} } }`,
  createApiKey: createKey(KEY),
  updateApiKey: `mutation ($input: UpdateApiKeyInput!) { updateApiKey(input: $input) { apiKey { ${KEY} } } }`,
  rotateApiKey: `mutation ($input: RotateApiKeyInput!) { rotateApiKey(input: $input) { secret apiKey { ${KEY} } } }`,
  completeApiKeyRotation: `mutation ($id: ID!, $force: Boolean) { completeApiKeyRotation(id: $id, force: $force) { apiKey { ${KEY} } } }`,
  suspendApiKey: `mutation ($id: ID!) { suspendApiKey(id: $id) { apiKey { ${KEY} } } }`,
  resumeApiKey: `mutation ($id: ID!) { resumeApiKey(id: $id) { apiKey { ${KEY} } } }`,
  revokeApiKeys: `mutation ($input: RevokeApiKeysInput!) { revokeApiKeys(input: $input) { count apiKeys { ${KEY} } } }`,
  revokeCurrentApiKey: `mutation { revokeCurrentApiKey { apiKey { ${KEY} } } }`,
  approveApiKey: `mutation ($input: ApproveApiKeyInput!) { approveApiKey(input: $input) { apiKey { ${KEY} } } }`,
  rejectApiKey: `mutation ($id: ID!, $note: String) { rejectApiKey(id: $id, note: $note) { apiKey { ${KEY} } } }`,
  transferApiKey: `mutation ($id: ID!, $ownerId: ID!) { transferApiKey(id: $id, ownerId: $ownerId) { apiKey { ${KEY} } } }`,
  reportLeakedApiKey: `mutation ($key: String!) { reportLeakedApiKey(key: $key) { accepted } }`,
  reportLeakedApiKeys: `mutation ($keys: [LeakedKeyInput!]!) { reportLeakedApiKeys(keys: $keys) { accepted } }`,
};
export type KeyOperation = keyof typeof DOCUMENTS;

interface Api {
  query(query: string, ask: Ask): Promise<Answer>;
}

/** Asks for one operation on keys, with its variables and a credential. */
export function askKeys(
  api: Api,
  operation: KeyOperation,
  variables: Record<string, unknown>,
  ask: Ask = {},
): Promise<Answer> {
  return api.query(DOCUMENTS[operation], { ...ask, variables });
}

/** The key in an answer to `askKeys`. */
export function keyIn(answer: Answer, operation: KeyOperation): AnsweredKey {
  if (operation === 'apiKey') return answer.at<AnsweredKey>('apiKey');
  if (operation === 'revokeApiKeys') return answer.at<AnsweredKey>('revokeApiKeys.apiKeys.0');
  return answer.at<AnsweredKey>(`${operation}.apiKey`);
}

/** The row and the audit events of a key, for comparing before and after. */
export const EVIDENCE = `
  select (select row_to_json(api_keys)::jsonb - array['last_used_at', 'last_used_ip', 'previous_last_used_at'] from api_keys where id = $1) as key,
         (select count(*)::int from api_key_events where api_key_id = $1) as events,
         (select count(*)::int from api_key_former_secrets where api_key_id = $1) as secrets`;
