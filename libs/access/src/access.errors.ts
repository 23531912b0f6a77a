import { AppError } from '#kernel';
import type { Refusal } from './access.rules.js';

const REALM = 'Bearer realm="portal"';

export type UnauthenticatedReason =
  | 'MISSING_CREDENTIAL'
  | 'INVALID_KEY'
  | 'INVALID_SESSION'
  | 'EXPIRED_KEY'
  | 'REVOKED_KEY'
  | 'SUSPENDED_KEY'
  | 'OWNER_INACTIVE'
  | 'TENANT_SUSPENDED'
  | 'PENDING_KEY'
  | 'POLICY_BLOCKED';

const UNAUTHENTICATED: Record<UnauthenticatedReason, string> = {
  MISSING_CREDENTIAL:
    'This operation needs a credential: send "Authorization: Bearer <API key or session token>" or "X-API-Key: <API key>".',
  INVALID_KEY: 'This API key is not valid.',
  // Also covers a header that is neither, such as a key without `Bearer` or another scheme.
  INVALID_SESSION: 'This is no valid session: sign in again. An API key is sent as "Authorization: Bearer <API key>".',
  EXPIRED_KEY: 'This API key has expired.',
  REVOKED_KEY: 'This API key has been revoked.',
  SUSPENDED_KEY: 'This API key is suspended.',
  OWNER_INACTIVE: 'The owner of this API key is not active.',
  TENANT_SUSPENDED: 'The tenant of this API key is suspended.',
  PENDING_KEY: 'This API key waits for the approval of an administrator.',
  POLICY_BLOCKED: "This API key breaks its tenant's policy.",
};

/** The request has no valid credential. A reason finer than INVALID_KEY goes only to a client that presented the whole key. */
export class Unauthenticated extends AppError {
  readonly code = 'UNAUTHENTICATED';
  override readonly httpStatus = 401;

  constructor(readonly reason: UnauthenticatedReason) {
    super(UNAUTHENTICATED[reason]);
  }

  override details(): Record<string, unknown> {
    return { reason: this.reason };
  }

  override headers(): Record<string, string> {
    const presented = this.reason !== 'MISSING_CREDENTIAL';
    return { 'www-authenticate': presented ? `${REALM}, error="invalid_token"` : REALM };
  }
}

/** The request has two credentials, and we do not guess which one counts. */
export class AmbiguousCredentials extends AppError {
  readonly code = 'BAD_REQUEST';
  override readonly httpStatus = 400;

  constructor() {
    super('Send one credential, once, in one header, and none in the URL.');
  }

  override details(): Record<string, unknown> {
    return { reason: 'AMBIGUOUS_CREDENTIALS' };
  }

  override headers(): Record<string, string> {
    return { 'www-authenticate': `${REALM}, error="invalid_request"` };
  }
}

/**
 * The whole request is refused: the tenant it names is not the caller's, or the key does not allow its address. A stream ends when
 * the rights of its credential change.
 */
export type RequestRefusal =
  { reason: 'WRONG_TENANT' } | { reason: 'RIGHTS_CHANGED' } | { reason: 'IP_NOT_ALLOWED'; ip: string };
type ForbiddenRefusal = Exclude<Refusal, { reason: 'MISSING_CREDENTIAL' }> | RequestRefusal;

function messageOf(refusal: ForbiddenRefusal, what: string): string {
  switch (refusal.reason) {
    case 'SESSION_REQUIRED':
      return `${what} is for sessions of portal users; no API key may use it.`;
    case 'KEY_REQUIRED':
      return `${what} is for API keys; this is a session.`;
    case 'TENANT_REQUIRED':
      return `${what} belongs to a tenant: name one in the header X-Tenant-Id.`;
    case 'ROLE_REQUIRED':
      return `${what} needs the role ${refusal.requiredRole} or a higher one.`;
    case 'MISSING_SCOPE': {
      const missing = refusal.requiredScopes.filter((scope) => !refusal.grantedScopes.includes(scope));
      return `${what} needs ${missing.join(', ')}, which this credential does not have.`;
    }
    case 'WRONG_TENANT':
      return 'X-Tenant-Id names a tenant that this credential may not act in.';
    case 'RIGHTS_CHANGED':
      return 'The rights of this credential have changed: connect again.';
    case 'IP_NOT_ALLOWED':
      return `Requests from ${refusal.ip} are not allowed.`;
  }
}

/** The header that asks for a credential with these scopes. */
export function scopeChallenge(scopes: readonly string[]): Record<string, string> {
  return { 'www-authenticate': `${REALM}, error="insufficient_scope", scope="${scopes.join(' ')}"` };
}

/** The caller is known but may not do this. Carries what the caller lacks. */
export class Forbidden extends AppError {
  readonly code = 'FORBIDDEN';
  override readonly httpStatus = 403;

  /** @param what the field or handler that refused, such as `Mutation.createDevice` */
  constructor(
    readonly refusal: ForbiddenRefusal,
    what = 'This',
  ) {
    super(messageOf(refusal, what));
  }

  override details(): Record<string, unknown> {
    return { ...this.refusal };
  }

  override headers(): Record<string, string> {
    return this.refusal.reason === 'MISSING_SCOPE' ? scopeChallenge(this.refusal.requiredScopes) : {};
  }
}

/** The error that reports `refusal`. */
export function errorOf(refusal: Refusal, what?: string): Unauthenticated | Forbidden {
  return refusal.reason === 'MISSING_CREDENTIAL'
    ? new Unauthenticated('MISSING_CREDENTIAL')
    : new Forbidden(refusal, what);
}
