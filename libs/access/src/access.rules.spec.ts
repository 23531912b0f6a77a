import type { Access } from './access.js';
import { refusalOf } from './access.rules.js';
import type { Principal } from './principal.js';
import { ScopeSet } from './scope-set.js';
import type { UserRole } from './words.js';

const TENANT = '11111111-1111-4111-8111-111111111111';
const USER = '22222222-2222-4222-8222-222222222222';
const session = (role: UserRole, tenantId: string | null = TENANT, scopes: string[] = []): Principal => ({
  kind: 'USER',
  userId: USER,
  tenantId,
  role,
  scopes: new ScopeSet(scopes),
});
const key = (...scopes: string[]): Principal => ({
  kind: 'API_KEY',
  apiKeyId: '33333333-3333-4333-8333-333333333333',
  secretNumber: 1,
  rateLimit: null,
  userId: USER,
  tenantId: TENANT,
  role: 'TENANT_ADMIN',
  scopes: new ScopeSet(scopes),
});

const PRINCIPALS: Record<string, Principal | null> = {
  nobody: null,
  'a key without scopes': key(),
  'a key with one of two scopes': key('a'),
  'a key with both scopes': key('a', 'b'),
  'a viewer': session('VIEWER', TENANT, ['a']),
  'an operator': session('OPERATOR', TENANT, ['a', 'b']),
  'a tenant admin': session('TENANT_ADMIN', TENANT, ['a', 'b']),
  'a super admin in a tenant': session('SUPER_ADMIN', TENANT, ['a', 'b']),
  'a super admin in none': session('SUPER_ADMIN', null, ['a', 'b']),
};
const ACCESS: Record<string, Access> = {
  public: { kind: 'public' },
  authenticated: { kind: 'authenticated', tenant: 'required', keyOnly: false },
  'authenticated, no tenant needed': { kind: 'authenticated', tenant: 'optional', keyOnly: false },
  'keys only': { kind: 'authenticated', tenant: 'required', keyOnly: true },
  'sessions only': { kind: 'session', tenant: 'required', role: undefined },
  'sessions of admins': { kind: 'session', tenant: 'required', role: 'TENANT_ADMIN' },
  'sessions of admins, no tenant needed': { kind: 'session', tenant: 'optional', role: 'TENANT_ADMIN' },
  'scopes a and b': { kind: 'scopes', tenant: 'required', scopes: ['a', 'b'] },
};

const CREDENTIAL = 'MISSING_CREDENTIAL';
const SESSION = 'SESSION_REQUIRED';
const KEY = 'KEY_REQUIRED';
const ROLE = 'ROLE_REQUIRED';
const SCOPE = 'MISSING_SCOPE';
const TENANT_NEEDED = 'TENANT_REQUIRED';
const OPEN = undefined;
/** The answers to the principals in the order of `PRINCIPALS`, for each declaration. */
const TABLE: Record<string, (string | undefined)[]> = {
  public: [OPEN, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN],
  authenticated: [CREDENTIAL, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN, TENANT_NEEDED],
  'authenticated, no tenant needed': [CREDENTIAL, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN],
  'keys only': [CREDENTIAL, OPEN, OPEN, OPEN, KEY, KEY, KEY, KEY, KEY],
  'sessions only': [CREDENTIAL, SESSION, SESSION, SESSION, OPEN, OPEN, OPEN, OPEN, TENANT_NEEDED],
  'sessions of admins': [CREDENTIAL, SESSION, SESSION, SESSION, ROLE, ROLE, OPEN, OPEN, TENANT_NEEDED],
  'sessions of admins, no tenant needed': [CREDENTIAL, SESSION, SESSION, SESSION, ROLE, ROLE, OPEN, OPEN, OPEN],
  'scopes a and b': [CREDENTIAL, SCOPE, SCOPE, OPEN, SCOPE, OPEN, OPEN, OPEN, TENANT_NEEDED],
};

describe('declarations of access', () => {
  const cells = Object.entries(TABLE).flatMap(([declared, answers]) =>
    Object.keys(PRINCIPALS).map((name, index) => [declared, name, answers[index] ?? 'lets it through'] as const),
  );
  it.each(cells)('a declaration of %s gives %s this answer: %s', (declared, name, expected) => {
    const access = ACCESS[declared];
    if (!access) throw new Error(`${declared} is no declaration of this table.`);
    expect(refusalOf(access, PRINCIPALS[name] ?? null)?.reason ?? 'lets it through').toBe(expected);
  });

  it('a refusal for missing scopes lists the needed and the present scopes, sorted', () => {
    const access: Access = { kind: 'scopes', tenant: 'required', scopes: ['z', 'b'] };
    expect(refusalOf(access, key('c', 'b', 'a'))).toEqual({
      reason: 'MISSING_SCOPE',
      requiredScopes: ['z', 'b'],
      grantedScopes: ['a', 'b', 'c'],
    });
  });

  it('a refusal for a missing role names the needed role', () => {
    const access: Access = { kind: 'session', tenant: 'required', role: 'OPERATOR' };
    expect(refusalOf(access, session('VIEWER'))).toEqual({ reason: 'ROLE_REQUIRED', requiredRole: 'OPERATOR' });
  });

  it('a role that this version does not know, as a newer one may have written, meets no declaration of a role', () => {
    const newer = 'AUDITOR' as UserRole;
    for (const role of ['VIEWER', 'SUPER_ADMIN'] as const)
      expect(refusalOf({ kind: 'session', tenant: 'required', role }, session(newer))?.reason).toBe('ROLE_REQUIRED');
  });

  it('a scope that only begins like the declared scope does not meet the declaration', () => {
    const access: Access = { kind: 'scopes', tenant: 'required', scopes: ['devices:write'] };
    for (const held of ['devices', 'devices:*', '*', 'devices:write ', 'DEVICES:WRITE', 'constructor'])
      expect(refusalOf(access, key(held))?.reason).toBe('MISSING_SCOPE');
  });
});
