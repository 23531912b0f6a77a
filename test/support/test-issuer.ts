import type { RequestListener, ServerResponse } from 'node:http';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { LocalServer } from './local-server.js';

export const TEST_AUDIENCE = 'latchkey-test';

export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** A new RSA key of an issuer, published by nobody yet. */
export function signingKey(kid: string): SigningKey {
  return { kid, ...generateKeyPairSync('rsa', { modulusLength: 2048 }) };
}

/** The content of a part of a token: an object, or its literal text. */
export type TokenPart = Record<string, unknown> | string;

/** Header and claims as given, signed by RS256, whatever the header says. */
export function signedToken(header: TokenPart, claims: TokenPart, { privateKey }: SigningKey): string {
  const body = `${encoded(header)}.${encoded(claims)}`;
  return `${body}.${sign('sha256', Buffer.from(body), privateKey).toString('base64url')}`;
}

export function encoded(part: TokenPart): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}

/** An OpenID Connect issuer on this machine: it publishes keys over HTTP and can be made to fail. */
export class TestIssuer {
  /** Requests for the key set so far. */
  fetches = 0;
  published: SigningKey[];
  /** Answers instead of publishing the keys, while it is set. */
  misbehave: RequestListener | undefined;

  private constructor(
    private readonly server: LocalServer,
    readonly key: SigningKey,
  ) {
    this.published = [key];
    server.answer((request, response) => {
      this.fetches++;
      if (this.misbehave) this.misbehave(request, response);
      else this.publish(response);
    });
  }

  static async start(): Promise<TestIssuer> {
    return new TestIssuer(await LocalServer.start(), signingKey('first'));
  }

  get url(): string {
    return this.server.url;
  }

  get jwksUrl(): URL {
    return new URL('/jwks.json', this.url);
  }

  /** The environment of a portal that trusts this issuer. */
  get environment(): Record<string, string> {
    return { SESSION_ISSUER: this.url, SESSION_AUDIENCE: TEST_AUDIENCE, SESSION_JWKS_URL: this.jwksUrl.href };
  }

  /** Good claims for the person with this e-mail, from now for an hour; those given replace them. */
  claims(email: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
    const iat = Math.floor(Date.now() / 1000);
    const person = { sub: `test|${email}`, email, email_verified: true };
    return { iss: this.url, aud: TEST_AUDIENCE, iat, exp: iat + 3600, ...person, ...changes };
  }

  /** A token of this person, good unless the changes make it bad. */
  token(
    email: string,
    {
      key = this.key,
      ...changes
    }: { key?: SigningKey; header?: Record<string, unknown>; claims?: Record<string, unknown> } = {},
  ): string {
    const header = { alg: 'RS256', kid: key.kid, typ: 'JWT', ...changes.header };
    return signedToken(header, this.claims(email, changes.claims), key);
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Answers with the keys. */
  publish(response: ServerResponse): void {
    const keys = this.published.map(({ kid, publicKey }) => ({
      ...publicKey.export({ format: 'jwk' }),
      kid,
      alg: 'RS256',
      use: 'sig',
    }));
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  }
}
