import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { HttpRequest } from '#http';
import type { Principal } from './principal.js';

/**
 * The verdict on a request's credential is stored on the request itself: a WeakMap of short-lived objects costs the garbage
 * collector more than the whole verdict. The key is a symbol, so nothing that a client sends can set it.
 */
const PRINCIPAL = Symbol('principal');
interface Verified {
  [PRINCIPAL]?: Principal | null;
}

/** The HTTP request behind a resolver's or a handler's call. */
export function requestOf(context: ExecutionContext): HttpRequest {
  // A resolver's arguments are parent, arguments, context, info. GqlExecutionContext would create an object for each field.
  if (context.getType<string>() === 'graphql') return context.getArgByIndex<{ req: HttpRequest }>(2).req;
  return context.switchToHttp().getRequest<HttpRequest>();
}

export function rememberPrincipal(request: object, principal: Principal | null): void {
  (request as Verified)[PRINCIPAL] = principal;
}

/** The principal of a request whose credential was verified. Null: the request has no credential. Undefined: not verified yet. */
export function principalOf(request: object): Principal | null | undefined {
  return (request as Verified)[PRINCIPAL];
}

/** The verified principal of the request, as a parameter of a resolver or handler; not for `@Public()` ones. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal =>
  requirePrincipal(context),
);

/** The principal and the address of its request, for entries of the audit trail. */
export const CurrentActor = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal & { ip?: string } => {
    const { ip } = requestOf(context) as { ip?: string };
    return { ...requirePrincipal(context), ...(ip === undefined ? {} : { ip }) };
  },
);

function requirePrincipal(context: ExecutionContext): Principal {
  const principal = principalOf(requestOf(context));
  if (!principal)
    throw new Error(`${context.getClass().name}.${context.getHandler().name} is public: it has no principal.`);
  return principal;
}
