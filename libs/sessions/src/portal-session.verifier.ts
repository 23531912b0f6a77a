import { Injectable } from '@nestjs/common';
import { Forbidden, ScopeCatalogue, type SessionVerifier, Unauthenticated, type UserPrincipal } from '#access';
import { Clock, isUuid } from '#kernel';
import { type Account, AccountDirectory } from '#tenancy';
import { readSessionToken, type TokenRules } from './session-token.js';

/** What the tokens of this application's issuer must look like. Worked out once, at the start. */
export abstract class SessionTokenRules implements TokenRules {
  abstract readonly keys: TokenRules['keys'];
  abstract readonly issuer: string;
  abstract readonly audience: string;
}

/** Turns a portal user's token into the principal. User, tenant and role come from the database, not from claims. */
@Injectable()
export class PortalSessionVerifier implements SessionVerifier {
  constructor(
    private readonly rules: SessionTokenRules,
    private readonly accounts: AccountDirectory,
    private readonly catalogue: ScopeCatalogue,
    private readonly clock: Clock,
  ) {}

  async verify(token: string, namedTenant: string | undefined): Promise<UserPrincipal> {
    const { subject, verifiedEmail, endsAt } = await readSessionToken(token, this.rules, this.clock.now());
    const account = await this.account(subject, verifiedEmail);
    if (!account?.isActive || account.isTenantSuspended) throw new Unauthenticated('INVALID_SESSION');
    const { userId, role } = account;
    const tenantId = await this.tenantOf(account, namedTenant?.toLowerCase());
    return { kind: 'USER', userId, role, tenantId, scopes: this.catalogue.scopesOf(role), endsAt };
  }

  private async account(subject: string, verifiedEmail: string | undefined): Promise<Account | null> {
    const known = await this.accounts.bySubject(subject);
    if (known || verifiedEmail === undefined) return known;
    // Another first request of the same user may have bound the subject meanwhile, so we read again: the stored binding decides.
    await this.accounts.bindSubject(subject, verifiedEmail);
    return this.accounts.bySubject(subject);
  }

  private async tenantOf(account: Account, named: string | undefined): Promise<string | null> {
    if (named === undefined || named === account.tenantId) return account.tenantId;
    const mayNameIt = account.role === 'SUPER_ADMIN' && isUuid(named) && (await this.accounts.tenantExists(named));
    if (!mayNameIt) throw new Forbidden({ reason: 'WRONG_TENANT' });
    return named;
  }
}
