import { randomBytes } from 'node:crypto';
import {
  AccountDirectory,
  ScopeCatalogue,
  type SessionVerifier,
  TenancyModule,
  type UserPrincipal,
} from '@latchkey/nestjs';
import { Forbidden, Unauthenticated } from '@latchkey/nestjs/errors';
import { Injectable, Module } from '@nestjs/common';
import { jwtVerify, SignJWT } from 'jose';

const LIFE_SECONDS = 12 * 60 * 60;

/**
 * The sessions of this application: JWTs with a secret of its own. Another application verifies those of its identity provider here.
 * User, tenant and role come from the database, so the session of a deactivated user ends at once.
 */
@Injectable()
export class NoteSessions implements SessionVerifier {
  private readonly secret = randomBytes(32);

  constructor(
    private readonly accounts: AccountDirectory,
    private readonly catalogue: ScopeCatalogue,
  ) {}

  /** Begins the session of a user who has signed in. @returns the token */
  begin(subject: string): Promise<string> {
    const exp = Math.floor(Date.now() / 1000) + LIFE_SECONDS;
    return new SignJWT({ sub: subject, exp }).setProtectedHeader({ alg: 'HS256' }).sign(this.secret);
  }

  async verify(token: string, namedTenant: string | undefined): Promise<UserPrincipal> {
    const { sub = '', exp = 0 } = await this.read(token);
    const account = await this.accounts.bySubject(sub);
    if (!account?.isActive || account.isTenantSuspended) throw new Unauthenticated('INVALID_SESSION');
    const { userId, tenantId, role } = account;
    if (namedTenant !== undefined && namedTenant !== tenantId) throw new Forbidden({ reason: 'WRONG_TENANT' });
    return {
      kind: 'USER',
      userId,
      tenantId,
      role,
      scopes: this.catalogue.scopesOf(role),
      endsAt: new Date(exp * 1000),
    };
  }

  private async read(token: string): Promise<{ sub?: string; exp?: number }> {
    try {
      return (await jwtVerify(token, this.secret, { algorithms: ['HS256'], requiredClaims: ['sub', 'exp'] })).payload;
    } catch {
      throw new Unauthenticated('INVALID_SESSION');
    }
  }
}

@Module({ imports: [TenancyModule], providers: [NoteSessions], exports: [NoteSessions] })
export class SessionsModule {}
