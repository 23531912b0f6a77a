import { generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';
import type { PortalConfig } from '../../apps/portal/src/portal.config.js';
import { LocalServer } from '../support/local-server.js';

const AUDIENCE = 'https://portal.example/api';
const CLIENT = 'console';

/** A real OpenID Connect provider: anybody signs in by an e-mail address, with any password. */
export class OpenIdProvider {
  /** Access tokens that it gave out. */
  tokens = 0;
  /** How long they are good for. */
  tokenSeconds = 3600;

  private constructor(private readonly server: LocalServer) {}

  static async start(): Promise<OpenIdProvider> {
    return new OpenIdProvider(await LocalServer.start());
  }

  get url(): string {
    return this.server.url;
  }

  /** The settings by which a portal in production knows this provider. */
  get config(): Pick<PortalConfig, 'isProduction' | 'issuer' | 'console'> {
    const issuer = { issuer: this.url, audience: AUDIENCE, jwksUrl: new URL('/jwks', this.url) };
    return { isProduction: true, issuer, console: { isOn: true, clientId: CLIENT } };
  }

  /** Serves the console of the portal at this address. */
  serve(portal: string): void {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = { ...privateKey.export({ format: 'jwk' }), kid: 'provider', alg: 'RS256', use: 'sig' };
    const provider = new Provider(this.url, {
      clients: [
        {
          client_id: CLIENT,
          token_endpoint_auth_method: 'none',
          grant_types: ['authorization_code'],
          response_types: ['code'],
          redirect_uris: [`${portal}/console/signed-in`, `${portal}/console/renewed`],
          post_logout_redirect_uris: [`${portal}/console`],
        },
      ],
      jwks: { keys: [key] },
      cookies: { keys: ['only for this test'] },
      pkce: { required: () => true },
      clientBasedCORS: (_, origin) => origin === portal,
      claims: { email: ['email', 'email_verified'], profile: ['name'] },
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: id, email_verified: true }) }),
      extraTokenClaims: (_, token) => ({
        email: 'accountId' in token ? token.accountId : undefined,
        email_verified: true,
      }),
      features: {
        devInteractions: { enabled: true },
        resourceIndicators: {
          enabled: true,
          useGrantedResource: () => true,
          getResourceServerInfo: () => ({
            scope: 'openid profile email',
            audience: AUDIENCE,
            accessTokenFormat: 'jwt',
            accessTokenTTL: this.tokenSeconds,
            jwt: { sign: { alg: 'RS256' } },
          }),
        },
      },
      // As most providers do, and not `at+jwt`.
      formats: {
        customizers: {
          jwt: (_, _token, parts) => {
            parts.header = { ...parts.header, typ: 'JWT' };
          },
        },
      },
    });
    provider.on('access_token.issued', () => void this.tokens++);
    this.server.answer(provider.callback());
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}
