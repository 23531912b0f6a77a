import { errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { Unauthenticated } from '#access';

/** Public-key algorithms only: with a shared secret, whoever verifies could also sign. */
const ALGORITHMS = ['ES256', 'ES384', 'RS256', 'RS384', 'PS256', 'PS384', 'EdDSA'];
const CLOCK_TOLERANCE_SECONDS = 5;
const MAX_LENGTH = 8_192;
const MAX_SUBJECT_LENGTH = 255;

export interface SessionClaims {
  subject: string;
  /** Undefined unless the identity provider says that it has verified it. */
  verifiedEmail: string | undefined;
}

export interface TokenRules {
  keys: JWTVerifyGetKey;
  issuer: string;
  audience: string;
}

/**
 * Checks signature, algorithm, key id, type, issuer, audience and times of a session token. What the token says of
 * tenant or role is not read: the database decides that.
 * @throws {Unauthenticated} INVALID_SESSION, for whatever is wrong with the token
 * @throws {ServiceUnavailable} from `rules.keys`
 */
export async function readSessionToken(token: string, rules: TokenRules, now: Date): Promise<SessionClaims> {
  if (token.length > MAX_LENGTH) throw new Unauthenticated('INVALID_SESSION');
  try {
    const { payload, protectedHeader } = await jwtVerify(token, requireKeyId(rules.keys), {
      algorithms: ALGORITHMS,
      issuer: rules.issuer,
      audience: rules.audience,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: now,
      requiredClaims: ['exp', 'sub'],
    });
    const { typ } = protectedHeader;
    if (typ !== undefined && typ.toUpperCase() !== 'JWT') throw new Unauthenticated('INVALID_SESSION');
    return claimsOf(payload, now);
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) throw new Unauthenticated('INVALID_SESSION');
    throw error;
  }
}

/** A token that names no key would be tried with whichever key fits. */
function requireKeyId(keys: JWTVerifyGetKey): JWTVerifyGetKey {
  return (header, token) => {
    if (typeof header.kid !== 'string') throw new errors.JWKSNoMatchingKey();
    return keys(header, token);
  };
}

function claimsOf(payload: JWTPayload, now: Date): SessionClaims {
  const { sub, exp, iat } = payload;
  const latestIssue = now.getTime() / 1000 + CLOCK_TOLERANCE_SECONDS;
  const isIssued = iat === undefined || iat <= latestIssue;
  if (
    typeof sub !== 'string' ||
    sub === '' ||
    sub.length > MAX_SUBJECT_LENGTH ||
    !isIssued ||
    !Number.isSafeInteger(exp)
  )
    throw new Unauthenticated('INVALID_SESSION');
  const { email, email_verified: isVerified } = payload;
  return { subject: sub, verifiedEmail: typeof email === 'string' && isVerified === true ? email : undefined };
}
