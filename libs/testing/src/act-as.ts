import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { isAtLeast, rememberPrincipal, ScopeSet, type UserPrincipal, type UserRole } from '#access';
import { RequestAuthenticator } from '#api-keys';

/** Who calls in a test. */
export interface TestCaller {
  scopes: readonly string[];
  /** Default: a made-up id, which no row of a database has. */
  tenantId?: string;
  /** Default: a made-up id. */
  userId?: string;
  /** Default: TENANT_ADMIN. */
  role?: UserRole;
}

/**
 * Lets every request of an application come from a session of this caller, whatever credential the request has. The gate and the
 * guard decide as usual.
 * @returns a function that ends this
 * @example const stop = actAs(app, { scopes: ['notes:read'] });
 */
export function actAs(app: INestApplicationContext, caller: TestCaller): () => void {
  const principal = principalOf(caller);
  const authenticator = app.get(RequestAuthenticator, { strict: false });
  Object.assign(authenticator, {
    authenticate(request: object): UserPrincipal {
      rememberPrincipal(request, principal);
      return principal;
    },
    verifyAgain: async () => principal,
  });
  return () => {
    for (const method of ['authenticate', 'verifyAgain']) Reflect.deleteProperty(authenticator, method);
  };
}

function principalOf({ scopes, tenantId, userId = randomUUID(), role = 'TENANT_ADMIN' }: TestCaller): UserPrincipal {
  return Object.freeze({
    kind: 'USER',
    tenantId: tenantId ?? randomUUID(),
    userId,
    role,
    memberId: isAtLeast(role, 'TENANT_ADMIN') ? null : userId,
    scopes: new ScopeSet(scopes),
  });
}
