import type { GivenKey, GivenUser } from './given.js';
import { askKeys, type KeyOperation } from './key-operations.js';
import { approve, makeOwnKey, setMemberKeys } from './members.js';
import { moveEnd } from './notices.js';
import type { TestPortal } from './test-portal.js';
import { flush, READ } from './usage.js';

const NAME = 'Nightly backup';

/** Brings about an event of every kind, once or more, in the tenant of `admin`. */
export async function everyKind(api: TestPortal, admin: GivenUser): Promise<void> {
  const tenant = { id: String(admin.tenantId), name: '' };
  const member = await api.given.user({ tenant, role: 'OPERATOR' });
  await setMemberKeys(api, tenant, 'APPROVAL');
  const asAdmin = { session: admin.session };
  const change = async (operation: KeyOperation, variables: Record<string, unknown>) => {
    const answer = await askKeys(api, operation, variables, asAdmin);
    answer.at(operation);
    return answer;
  };
  const make = async (): Promise<Pick<GivenKey, 'id' | 'secret'>> => {
    const answer = await change('createApiKey', { input: { name: NAME, scopes: ['devices:read'] } });
    return { id: answer.at('createApiKey.apiKey.id'), secret: answer.at('createApiKey.secret') };
  };

  const { id } = await make();
  await change('updateApiKey', { input: { id, description: 'Copies every configuration' } });
  await change('suspendApiKey', { id });
  await change('resumeApiKey', { id });
  const secret = (await change('rotateApiKey', { input: { id } })).at<string>('rotateApiKey.secret');
  (await api.query(READ, { key: secret })).at('devices');
  await flush(api);
  await change('completeApiKeyRotation', { id });
  await change('transferApiKey', { id, ownerId: member.id });
  await change('revokeApiKeys', { input: { ids: [id] } });
  await api.query(READ, { key: secret });
  await flush(api);

  (await approve(api, admin, await makeOwnKey(api, member, { name: NAME }))).at('approveApiKey');
  await change('rejectApiKey', { id: (await makeOwnKey(api, member, { name: NAME })).id });
  await change('reportLeakedApiKey', { key: (await make()).secret });
  await moveEnd(api.database, [(await make()).id], 29.9);
  await moveEnd(api.database, [(await make()).id], 0, 0.5);
}
