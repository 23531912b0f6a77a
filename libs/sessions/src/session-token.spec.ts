import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { Unauthenticated } from '#access';
import { ServiceUnavailable } from '#kernel';
import { readSessionToken, type TokenRules } from './session-token.js';

const NOW = new Date('2030-01-02T03:04:05.000Z');
const at = (seconds: number) => NOW.getTime() / 1000 + seconds;
const { privateKey, publicKey } = await generateKeyPair('ES256');
const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
const RULES: TokenRules = { keys: createLocalJWKSet({ keys: [jwk] }), issuer: 'urn:test', audience: 'portal' };

function token(claims: Record<string, unknown>): Promise<string> {
  return new SignJWT({ iss: 'urn:test', aud: 'portal', sub: 'ada', exp: at(60), ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .sign(privateKey);
}

describe('session tokens', () => {
  it.each([
    ['exp', at(-4), 'good'],
    ['exp', at(-5), 'refused'],
    ['nbf', at(5), 'good'],
    ['nbf', at(6), 'refused'],
    ['iat', at(5), 'good'],
    ['iat', at(6), 'refused'],
    ['exp', Number.MAX_SAFE_INTEGER, 'good'],
    ['exp', 2 ** 53, 'refused'],
  ])('a session token whose clock runs up to 5 s apart from ours: %s %d is %s', async (claim, value, expected) => {
    const verdict = readSessionToken(await token({ [claim]: value }), RULES, NOW).then(
      () => 'good',
      (error: unknown) => (error instanceof Unauthenticated ? 'refused' : error),
    );
    expect(await verdict).toBe(expected);
  });

  it('a session token yields an e-mail only where the issuer has verified it', async () => {
    const email = 'ada@example.test';
    const read = async (claims: Record<string, unknown>) =>
      (await readSessionToken(await token(claims), RULES, NOW)).verifiedEmail;
    expect(await read({ email, email_verified: true })).toBe(email);
    for (const isVerified of [false, 'true', 1, undefined])
      expect(await read({ email, email_verified: isVerified })).toBeUndefined();
    expect(await read({ email: 7, email_verified: true })).toBeUndefined();
  });

  it('a session token of another issuer, expired, or without a key id causes no fetch of the keys', async () => {
    let looks = 0;
    const rules: TokenRules = {
      ...RULES,
      keys: () => {
        looks++;
        throw new ServiceUnavailable({ cause: undefined });
      },
    };
    const keyless = await new SignJWT({ iss: 'urn:test', exp: at(60) })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(privateKey);
    for (const bad of [await token({ iss: 'urn:other' }), await token({ exp: at(-60) }), keyless])
      await expect(readSessionToken(bad, rules, NOW)).rejects.toThrow(Unauthenticated);
    expect(looks).toBe(0);
    await expect(readSessionToken(await token({}), rules, NOW)).rejects.toThrow(ServiceUnavailable);
    expect(looks).toBe(1);
  });
});
