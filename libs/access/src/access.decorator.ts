import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { Access, TenantNeed } from './access.js';
import type { UserRole } from './words.js';

/** Metadata key of a declaration. All decorators write this one key, so the nearest declaration replaces all others. */
export const ACCESS = 'latchkey:access';

/** Frozen: refusals carry parts of a declaration, and all requests of the field share the declaration. */
const declare = (access: Access): CustomDecorator => SetMetadata<string, Access>(ACCESS, Object.freeze(access));

/**
 * Every listed scope is required; a session needs a role that opens them.
 * @example \@RequireScopes('devices:read')
 */
export const RequireScopes = (...scopes: [string, ...string[]]): CustomDecorator =>
  declare({ kind: 'scopes', tenant: 'required', scopes: Object.freeze(scopes) });

/**
 * Only a portal user's session, never an API key; with a role, that one or a higher.
 * @example \@SessionOnly('TENANT_ADMIN')
 */
export const SessionOnly = (role?: UserRole, options: { tenant?: TenantNeed } = {}): CustomDecorator =>
  declare({ kind: 'session', role, tenant: options.tenant ?? 'required' });

/**
 * Any valid credential; with `keyOnly`, any API key. `isImplied`: every way to the field needs a credential already, so the schema
 * shows no directive on the field.
 */
export const Authenticated = (
  options: { tenant?: TenantNeed; keyOnly?: boolean; isImplied?: boolean } = {},
): CustomDecorator => {
  const { tenant = 'required', keyOnly = false, isImplied } = options;
  return declare({ kind: 'authenticated', tenant, keyOnly, ...(isImplied && { isImplied }) });
};

/** Reachable without a credential. Each use needs a line that gives the reason. */
export const Public = (): CustomDecorator => declare({ kind: 'public' });
