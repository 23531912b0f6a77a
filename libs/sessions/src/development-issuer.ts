import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
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

/** Stands in for the identity provider on a developer's machine. Never used in production. */
export class DevelopmentIssuer {
  private constructor(private readonly key: JWK) {}

  /** The issuer whose key is stored in `directory`. The key is made on first use. */
  static async open(directory: string): Promise<DevelopmentIssuer> {
    const file = join(directory, KEY_FILE);
    const known = await readFile(file, 'utf8').catch(unless('ENOENT'));
    if (known !== undefined) return new DevelopmentIssuer(JSON.parse(known) as JWK);
    await mkdir(directory, { recursive: true });
    await makeKey(file);
    return new DevelopmentIssuer(JSON.parse(await readFile(file, 'utf8')) as JWK);
  }

  /** The public half of the key, for verification. */
  get keys(): JWTVerifyGetKey {
    const { kty, crv, x, y, kid, alg, use } = this.key;
    return createLocalJWKSet({ keys: [{ kty, crv, x, y, kid, alg, use }] });
  }

  /** A session token for the user with this e-mail, valid from `now` for `ttlSeconds`. */
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

/** Writes a new key to `file`, unless another process has written one. No reader ever sees half a key. */
async function makeKey(file: string): Promise<void> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const key: JWK = { ...(await exportJWK(privateKey)), kid: 'development', alg: ALGORITHM, use: 'sig' };
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(key), { mode: 0o600, flag: 'wx' });
  try {
    // A link, unlike a rename, replaces no existing file.
    await link(draft, file).catch(unless('EEXIST'));
  } finally {
    await rm(draft);
  }
}

/** For `catch`: returns undefined for the expected system error, and throws any other error on. */
function unless(expected: string): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (error.code !== expected) throw error;
  };
}
