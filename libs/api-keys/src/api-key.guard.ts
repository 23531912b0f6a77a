import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { AccessNotDeclared, AccessRegistry, errorOf, type Principal, principalOf, refusalOf, requestOf } from '#access';
import { type AuthenticatableRequest, RequestAuthenticator } from './request-authenticator.js';

/**
 * Lets through who may, on every resolver, field resolver and HTTP handler. For GraphQL the operation gate has decided
 * already and this is the second net; for plain HTTP handlers it is the only one.
 */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    private readonly registry: AccessRegistry,
    private readonly authenticator: RequestAuthenticator,
  ) {}

  /** A plain boolean where the principal is known already: that spares an await on every field. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const access = this.registry.accessOfHandler(context.getHandler(), context.getClass());
    const place = `${context.getClass().name}.${context.getHandler().name}`;
    if (!access) throw new AccessNotDeclared([place]);
    if (access.kind === 'public') return true;
    const decide = (principal: Principal | null): boolean => {
      const refusal = refusalOf(access, principal);
      if (refusal) throw errorOf(refusal);
      return true;
    };
    const request = requestOf(context) as AuthenticatableRequest;
    const known = principalOf(request);
    return known === undefined ? this.authenticator.authenticate(request).then(decide) : decide(known);
  }
}
