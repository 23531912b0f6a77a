import type { Answer } from './answer.js';
import type { GivenTenant, GivenUser } from './given.js';
import { type AnsweredKey, askKeys, type KeyOperation } from './key-operations.js';
import { askAsAdmin, SET_POLICY } from './key-policy.js';
import type { TestPortal } from './test-portal.js';

export type MemberKeys = 'NONE' | 'APPROVAL' | 'ALLOWED';

/** Sets what the tenant lets its members do. */
export async function setMemberKeys(api: TestPortal, tenant: GivenTenant, memberKeys: MemberKeys): Promise<void> {
  (await askAsAdmin(api, tenant, SET_POLICY, { input: { memberKeys } })).at('setApiKeyPolicy.policy');
}

/** Makes a key by the session of a user, for that user. */
export async function makeOwnKey(
  api: TestPortal,
  { session }: GivenUser,
  input: Record<string, unknown> = {},
): Promise<AnsweredKey & { secret: string }> {
  const answer = await askKeys(
    api,
    'createApiKey',
    { input: { name: 'own', scopes: ['devices:read'], ...input } },
    { session },
  );
  return { ...answer.at<AnsweredKey>('createApiKey.apiKey'), secret: answer.at('createApiKey.secret') };
}

/** Changes of a key by its id, as variables of `askKeys`. */
export const CHANGES_BY_ID: readonly [KeyOperation, (id: string) => Record<string, unknown>][] = [
  ['updateApiKey', (id) => ({ input: { id, name: 'changed' } })],
  ['rotateApiKey', (id) => ({ input: { id } })],
  ['completeApiKeyRotation', (id) => ({ id, force: true })],
  ['suspendApiKey', (id) => ({ id })],
  ['resumeApiKey', (id) => ({ id })],
  ['revokeApiKeys', (id) => ({ input: { ids: [id] } })],
];

/** The answer of an admin to a request: `expectedVersion` is that of the key. */
export function approve(
  api: TestPortal,
  admin: GivenUser,
  { id, version }: Pick<AnsweredKey, 'id' | 'version'>,
  narrowed: Record<string, unknown> = {},
): Promise<Answer> {
  const input = { id, expectedVersion: version, ...narrowed };
  return askKeys(api, 'approveApiKey', { input }, { session: admin.session });
}
