import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext, type GqlContextType } from '@nestjs/graphql';
import type { Principal } from './principal.js';

/** The verdict on a request's credential lives exactly as long as the request object. */
const principals = new WeakMap<object, Principal | null>();

/** The HTTP request behind a resolver's or a handler's call. */
export function requestOf(context: ExecutionContext): object {
  if (context.getType<GqlContextType>() === 'graphql')
    return GqlExecutionContext.create(context).getContext<{ req: object }>().req;
  return context.switchToHttp().getRequest<object>();
}

export function rememberPrincipal(request: object, principal: Principal | null): void {
  principals.set(request, principal);
}

/** The principal of a request whose credential was verified; null: it has none; undefined: not verified yet. */
export function principalOf(request: object): Principal | null | undefined {
  return principals.get(request);
}

/** The verified principal of the request, as a parameter of a resolver or handler; not for `@Public()` ones. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal =>
  requirePrincipal(context),
);

/** The principal and the address its request came from: for what is told in an audit trail. */
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
