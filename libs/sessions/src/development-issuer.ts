import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTVerifyGetKey,
  SignJWT,
} from 'jose';

const ALGORITHM = 'ES256';
const KEY_FILE = 'development-issuer.jwk.json';
export const DEVELOPMENT_ISSUER = 'urn:latchkey:development-issuer';
export const DEVELOPMENT_AUDIENCE = 'latchkey-portal';

/** Stands in for the identity provider on a developer's machine. Never in production. */
export class DevelopmentIssuer {
  private constructor(private readonly key: JWK) {}

  /** The issuer whose key lies in `directory`; the key is made the first time. */
  static async open(directory: string): Promise<DevelopmentIssuer> {
    const file = join(directory, KEY_FILE);
    const known = await readFile(file, 'utf8').catch(() => undefined);
    if (known !== undefined) return new DevelopmentIssuer(JSON.parse(known) as JWK);
    const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
    const key: JWK = { ...(await exportJWK(privateKey)), kid: 'development', alg: ALGORITHM, use: 'sig' };
    await mkdir(directory, { recursive: true });
    try {
      await writeFile(file, JSON.stringify(key), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return DevelopmentIssuer.open(directory);
      throw error;
    }
    return new DevelopmentIssuer(key);
  }

  /** The public half, for verification. */
  get keys(): JWTVerifyGetKey {
    const { kty, crv, x, y, kid, alg, use } = this.key;
    return createLocalJWKSet({ keys: [{ kty, crv, x, y, kid, alg, use }] });
  }

  /** A session token for the user with this e-mail, from `now` for `ttlSeconds`. */
  async token(email: string, ttlSeconds: number, now: Date): Promise<string> {
    const issuedAt = Math.floor(now.getTime() / 1000);
    return new SignJWT({ email, email_verified: true })
      .setProtectedHeader({ alg: ALGORITHM, kid: 'development', typ: 'JWT' })
      .setSubject(`development|${email.toLowerCase()}`)
      .setIssuer(DEVELOPMENT_ISSUER)
      .setAudience(DEVELOPMENT_AUDIENCE)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + ttlSeconds)
      .sign(await importJWK(this.key, ALGORITHM));
  }
}
