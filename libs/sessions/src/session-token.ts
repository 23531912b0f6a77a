import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { Unauthenticated } from '#access';

/** Public-key algorithms only: with a shared secret, every verifier could also sign. */
const ALGORITHMS = ['ES256', 'ES384', 'RS256', 'RS384', 'PS256', 'PS384', 'EdDSA'];
const CLOCK_TOLERANCE_SECONDS = 5;
/** The last instant that a `Date` can hold. */
const LAST_INSTANT_MS = 8.64e15;
const MAX_LENGTH = 8_192;
const MAX_SUBJECT_LENGTH = 255;

export interface SessionClaims {
  subject: string;
  /** Undefined unless the identity provider states that it has verified the e-mail. */
  verifiedEmail: string | undefined;
  /** From this instant on the token is refused. */
  endsAt: Date;
}

export interface TokenRules {
  keys: JWTVerifyGetKey;
  issuer: string;
  audience: string;
}

/** Headers that contain a key or name a place for one. Keys come from the configured issuer only. */
const KEY_HEADERS = ['jku', 'jwk', 'x5u', 'x5c'] as const;
/** Headers that change what is signed, or that a verifier must understand. A session needs none of them. */
const EXTENSION_HEADERS = ['crit', 'b64', 'zip'] as const;

/**
 * Checks signature, algorithm, key id, type, issuer, audience and times of a session token. Claims about tenant or role are not
 * read: the database decides both. Where a claim is given twice, the last one counts.
 *
 * The issuer is asked for its keys only for a token that passes every check that needs no key.
 * @throws {Unauthenticated} INVALID_SESSION, for anything wrong with the token
 * @throws {ServiceUnavailable} from `rules.keys`
 */
export async function readSessionToken(token: string, rules: TokenRules, now: Date): Promise<SessionClaims> {
  if (token.length > MAX_LENGTH) throw new Unauthenticated('INVALID_SESSION');
  try {
    requirePlausible(token, rules, now);
    const { payload } = await jwtVerify(token, rules.keys, {
      algorithms: ALGORITHMS,
      issuer: rules.issuer,
      audience: rules.audience,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: now,
      requiredClaims: ['exp', 'sub'],
    });
    return claimsOf(payload, now);
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) throw new Unauthenticated('INVALID_SESSION');
    throw error;
  }
}

/** The checks that need no key. */
function requirePlausible(token: string, { issuer }: TokenRules, now: Date): void {
  const header = decodeProtectedHeader(token);
  const refused = [...KEY_HEADERS, ...EXTENSION_HEADERS].some((name) => header[name] !== undefined);
  const isTyped = header.typ === undefined || (typeof header.typ === 'string' && header.typ.toUpperCase() === 'JWT');
  // A token without a key id would be tried with any key that fits.
  const isKeyed = typeof header.kid === 'string' && ALGORITHMS.includes(String(header.alg));
  const { iss, exp } = decodeJwt(token);
  const isCurrent = typeof exp === 'number' && exp > now.getTime() / 1000 - CLOCK_TOLERANCE_SECONDS;
  if (refused || !isTyped || !isKeyed || iss !== issuer || !isCurrent) throw new Unauthenticated('INVALID_SESSION');
}

function claimsOf(payload: JWTPayload, now: Date): SessionClaims {
  const { sub, exp, iat } = payload;
  const latestIssue = now.getTime() / 1000 + CLOCK_TOLERANCE_SECONDS;
  const isIssued = iat === undefined || iat <= latestIssue;
  const isBounded = typeof exp === 'number' && exp <= Number.MAX_SAFE_INTEGER;
  const isSubject = isStorable(sub) && sub !== '' && sub.length <= MAX_SUBJECT_LENGTH;
  if (!isSubject || !isIssued || !isBounded) throw new Unauthenticated('INVALID_SESSION');
  const { email, email_verified: isVerified } = payload;
  const endsAt = new Date(Math.min((exp + CLOCK_TOLERANCE_SECONDS) * 1000, LAST_INSTANT_MS));
  return { endsAt, subject: sub, verifiedEmail: isStorable(email) && isVerified === true ? email : undefined };
}

/** A text that the database stores unchanged. A lone surrogate would be stored as U+FFFD and equal another text. */
function isStorable(claim: unknown): claim is string {
  return typeof claim === 'string' && claim.isWellFormed() && !claim.includes('\0');
}
