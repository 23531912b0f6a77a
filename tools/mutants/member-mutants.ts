import type { Mutant } from './mutants.ts';

const KEYS = 'libs/api-keys/src';

/** Defects in the keys of members, their approval and isolation, and in owners that live in an application's own tables. */
export const MEMBER_MUTANTS: readonly Mutant[] = [
  {
    defect: 'a user of the application with an unknown role keeps its keys',
    file: 'libs/tenancy/src/host-owners.sql.ts',
    from: 'coalesce(host."isActive" and ${isRole}, false)',
    to: 'coalesce(host."isActive", false)',
    spec: 'test/e2e/host-owners.spec.ts',
    only: 'no option names',
  },
  {
    defect: 'a disabled trigger on a table of the application is not missed',
    file: 'libs/tenancy/src/host-owners.sql.ts',
    from: `where tgenabled = 'A'`,
    to: 'where true',
    spec: 'test/e2e/host-owners.spec.ts',
    only: 'changed options',
  },
  {
    defect: 'a key works before an administrator has approved it',
    file: `${KEYS}/keys/api-key-status.sql.ts`,
    from: 'when api_keys.pending_until is not null then',
    to: 'when false then',
    spec: 'test/e2e/key-approval.spec.ts',
  },
  {
    defect: 'an approval admits more than was asked for',
    file: `${KEYS}/changes/approval.service.ts`,
    from: 'for (const member of widerMembers(narrowed, key))',
    to: 'for (const member of widerMembers({}, key))',
    spec: 'test/e2e/key-approval.spec.ts',
  },
  {
    defect: 'a member is not bound to its own keys',
    file: `${KEYS}/guard/request-authenticator.ts`,
    from: "memberId: isAtLeast(principal.role, 'TENANT_ADMIN') ? null : principal.userId,",
    to: 'memberId: null,',
    spec: 'test/e2e/member-isolation.spec.ts',
  },
  {
    defect: 'a member resumes what an administrator has suspended',
    file: `${KEYS}/changes/suspension.service.ts`,
    from: 'if (isMember(by) && !key.suspendedByOwner) throw new AdministratorRequired();',
    to: '',
    spec: 'test/e2e/member-keys.spec.ts',
  },
  {
    defect: 'a filter ends another number of keys than was counted',
    file: `${KEYS}/changes/revocation.service.ts`,
    from: 'if (actualCount !== expectedCount)',
    to: 'if (actualCount < 0)',
    spec: 'test/e2e/key-filters-at-scale.spec.ts',
  },
  {
    defect: 'a request that nobody answered in time can be approved',
    file: `${KEYS}/keys/api-key-status.sql.ts`,
    from: "const END = 'least(api_keys.expires_at, api_keys.pending_until)';",
    to: "const END = 'api_keys.expires_at';",
    spec: 'test/faults/approvals.spec.ts',
    only: 'nobody answered in time',
  },
  {
    defect: 'a key that asks for the state of its rate is counted by the question',
    file: `${KEYS}/limits/rate-limiter.ts`,
    from: 'const tally = await this.store.peek(`key:${apiKeyId}:${limit}:${windowSeconds}`);',
    to: 'const tally = await this.store.count(`key:${apiKeyId}:${limit}:${windowSeconds}`, windowSeconds);',
    spec: 'test/faults/limit-store.spec.ts',
    only: 'a key sees what is left of its rate as the store counts it',
  },
];
