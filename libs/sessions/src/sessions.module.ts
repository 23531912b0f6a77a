import { type DynamicModule, Module } from '@nestjs/common';
import { Clock, SystemClock } from '#kernel';
import { TenancyModule } from '#tenancy';
import { DEVELOPMENT_AUDIENCE, DEVELOPMENT_ISSUER, DevelopmentIssuer } from './development-issuer.js';
import { remoteKeys } from './issuer-keys.js';
import { PortalSessionVerifier, SessionTokenRules } from './portal-session.verifier.js';
import type { SessionsOptions } from './sessions.options.js';

@Module({})
export class SessionsModule {
  static forRoot(options: SessionsOptions): DynamicModule {
    return {
      module: SessionsModule,
      imports: [TenancyModule],
      providers: [
        { provide: Clock, useClass: SystemClock },
        { provide: SessionTokenRules, useFactory: () => rulesFor(options) },
        PortalSessionVerifier,
      ],
      exports: [PortalSessionVerifier],
    };
  }
}

async function rulesFor(options: SessionsOptions): Promise<SessionTokenRules> {
  if (options.kind === 'configured')
    return { keys: remoteKeys(options.jwksUrl), issuer: options.issuer, audience: options.audience };
  const { keys } = await DevelopmentIssuer.open(options.directory);
  return { keys, issuer: DEVELOPMENT_ISSUER, audience: DEVELOPMENT_AUDIENCE };
}
