import type { Access } from './access.js';
import type { Principal } from './principal.js';
import { isAtLeast } from './user-role.rules.js';
import type { UserRole } from './words.js';

/** The reason why a principal may not use a declared entry point. */
export type Refusal =
  | { reason: 'MISSING_CREDENTIAL' }
  | { reason: 'SESSION_REQUIRED' }
  | { reason: 'KEY_REQUIRED' }
  | { reason: 'TENANT_REQUIRED' }
  | { reason: 'ROLE_REQUIRED'; requiredRole: UserRole }
  | { reason: 'MISSING_SCOPE'; requiredScopes: readonly string[]; grantedScopes: readonly string[] };

/** Undefined when `principal` may do what `access` declares. A null principal means a request without a credential. */
export function refusalOf(access: Access, principal: Principal | null): Refusal | undefined {
  if (access.kind === 'public') return undefined;
  if (!principal) return { reason: 'MISSING_CREDENTIAL' };
  if (access.kind === 'session') {
    if (principal.kind !== 'USER') return { reason: 'SESSION_REQUIRED' };
    if (access.role && !isAtLeast(principal.role, access.role))
      return { reason: 'ROLE_REQUIRED', requiredRole: access.role };
  }
  if (access.kind === 'authenticated' && access.keyOnly && principal.kind !== 'API_KEY')
    return { reason: 'KEY_REQUIRED' };
  if (access.tenant === 'required' && principal.tenantId === null) return { reason: 'TENANT_REQUIRED' };
  if (access.kind !== 'scopes') return undefined;
  for (const scope of access.scopes)
    if (!principal.scopes.has(scope))
      return {
        reason: 'MISSING_SCOPE',
        requiredScopes: access.scopes,
        grantedScopes: [...principal.scopes].sort(),
      };
  return undefined;
}
