import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import { OperatorError } from '#kernel';
import type { Access, TenantNeed } from './access.js';
import type { UserRole } from './words.js';

/** Metadata key of a declaration. All decorators write this one key, so the nearest declaration replaces all others. */
export const ACCESS = 'latchkey:access';

/**
 * Frozen: refusals carry parts of a declaration, and all requests of the field share the declaration.
 * @throws {AccessDeclaredWrongly} when the class is loaded
 */
function declare(access: Access): CustomDecorator {
  const set = SetMetadata<string, Access>(ACCESS, Object.freeze(access));
  const checked = (target: object, name?: string | symbol, descriptor?: TypedPropertyDescriptor<unknown>) => {
    const place = placeOf(target, name);
    const declared: unknown = descriptor?.value ?? target;
    if (name !== undefined && typeof descriptor?.value !== 'function')
      throw new AccessDeclaredWrongly(
        `${place} is no method, so its access has no effect: give the field a resolver of its own, and declare the access there.`,
      );
    if (Reflect.getOwnMetadata(ACCESS, declared as object) !== undefined)
      throw new AccessDeclaredWrongly(
        `${place} declares its access twice, and only one of them would count: keep one.`,
      );
    set(target as never, name as never, descriptor as never);
  };
  return Object.assign(checked, { KEY: ACCESS }) as CustomDecorator;
}

function placeOf(target: object, name: string | symbol | undefined): string {
  const { name: className } = (typeof target === 'function' ? target : target.constructor) as { name: string };
  return name === undefined ? className : `${className}.${String(name)}`;
}

/** A declaration stands where it has no effect, or beside another one. */
export class AccessDeclaredWrongly extends OperatorError {}

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
