import type { Answer } from './answer.js';
import type { GivenTenant, GivenUser } from './given.js';
import { usePortal } from './hooks.js';
import { type AnsweredKey, askKeys } from './key-operations.js';
import { makeOwnKey, setMemberKeys } from './members.js';
import type { TestPortal } from './test-portal.js';

const DEVICES = '{ devices(first: 1) { nodes { id } } }';
/** The scopes of a requested key, unless its input names others. */
export const REQUESTED_SCOPES = ['devices:read', 'alerts:read'];

/** A portal with a tenant whose members request keys, and whose admin approves them. */
export interface ApprovalPortal {
  api: TestPortal;
  tenant: GivenTenant;
  admin: GivenUser;
  member: GivenUser;
}

type Input = Record<string, unknown>;

/** Starts the portal for the tests of a block. `begun` gets the portal before the first test. */
export function useApprovals(begun: (portal: ApprovalPortal) => unknown) {
  let portal: ApprovalPortal;
  usePortal(async (api) => {
    const tenant = await api.given.tenant();
    const admin = await api.given.admin(tenant);
    await setMemberKeys(api, tenant, 'APPROVAL');
    portal = { api, tenant, admin, member: await api.given.user({ tenant, role: 'OPERATOR' }) };
    return begun(portal);
  });
  const asAdmin = {
    get session() {
      return portal.admin.session;
    },
  };
  const asMember = {
    get session() {
      return portal.member.session;
    },
  };
  return {
    asAdmin,
    asMember,
    /** Makes a pending key by the session of the member. */
    request: (input: Input = {}): Promise<AnsweredKey & { secret: string }> =>
      makeOwnKey(portal.api, portal.member, { scopes: REQUESTED_SCOPES, ...input }),
    use: (secret: string): Promise<Answer> => portal.api.query(DEVICES, { key: secret }),
    update: (id: string, input: Input, by = asMember): Promise<Answer> =>
      askKeys(portal.api, 'updateApiKey', { input: { id, ...input } }, by),
  };
}
