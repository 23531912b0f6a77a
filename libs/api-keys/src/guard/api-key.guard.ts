import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Access, AccessNotDeclared, AccessRegistry, errorOf, type Principal, refusalOf, requestOf } from '#access';
import type { HttpReply, HttpRequest } from '#http';
import { HandlerAdmission } from './handler-admission.js';
import { RequestAuthenticator } from './request-authenticator.js';

/**
 * Enforces the declared access on every resolver, field resolver and HTTP handler. For GraphQL the operation gate has decided
 * already, and this guard is the second check. For plain HTTP handlers this guard is the only check.
 */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    private readonly registry: AccessRegistry,
    private readonly authenticator: RequestAuthenticator,
    private readonly handlers: HandlerAdmission,
  ) {}

  /**
   * Returns a plain boolean, without any allocation, where the principal is known or remembered. This saves an await for every
   * field.
   */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const access = this.registry.accessOfHandler(context.getHandler(), context.getClass());
    if (!access) throw new AccessNotDeclared([`${context.getClass().name}.${context.getHandler().name}`]);
    if (access.kind === 'public') return true;
    const principal = this.authenticator.authenticate(requestOf(context));
    if (context.getType() === 'http') return this.admitToHandler(access, principal, context);
    return principal instanceof Promise ? decideLater(access, principal) : decide(access, principal);
  }

  private async admitToHandler(
    access: Access,
    principal: Principal | null | Promise<Principal | null>,
    context: ExecutionContext,
  ): Promise<boolean> {
    const http = context.switchToHttp();
    await this.handlers.admit(access, await principal, http.getRequest<HttpRequest>(), http.getResponse<HttpReply>());
    return true;
  }
}

async function decideLater(access: Access, principal: Promise<Principal | null>): Promise<boolean> {
  return decide(access, await principal);
}

function decide(access: Access, principal: Principal | null): boolean {
  const refusal = refusalOf(access, principal);
  if (refusal) throw errorOf(refusal);
  return true;
}
