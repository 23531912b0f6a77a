/** One thing wrong with an input; `path` leads to it, such as `["input", "scopes", 1]`. */
export interface Problem {
  path: (string | number)[];
  code: string;
  message: string;
  suggestions?: string[];
}

/** What the API reports of a failure. `code` and `reason` are its contract; messages are for people and may change. */
export interface ErrorExtensions {
  code: string;
  reason?: string;
  problems?: Problem[];
  requiredScopes?: string[];
  grantedScopes?: string[];
  retryAfterSeconds?: number;
  requestId?: string;
}

/** Reasons that end a credential for good: throw it away and ask for another. Any other failure leaves it as it is. */
const DEAD = new Set(['INVALID_KEY', 'REVOKED_KEY', 'EXPIRED_KEY', 'INVALID_SESSION']);
/** Codes of what may work a little later, the request being as it is. */
const PASSING = new Set(['SERVICE_UNAVAILABLE', 'RATE_LIMITED']);

/** An operation that failed. */
export class PortalError extends Error {
  override readonly name = 'PortalError';
  readonly code: string;
  readonly reason: string | undefined;

  constructor(
    message: string,
    readonly extensions: ErrorExtensions,
    /** From the answer's `Retry-After`. */
    readonly retryAfterSeconds: number | undefined,
  ) {
    super(message);
    this.code = extensions.code;
    this.reason = extensions.reason;
  }

  /** Is there no use in presenting this credential again? Never true of an outage. */
  get isCredentialDead(): boolean {
    return this.code === 'UNAUTHENTICATED' && DEAD.has(this.reason ?? '');
  }

  /** May the same request work after `retryAfterSeconds`? */
  get isPassing(): boolean {
    return PASSING.has(this.code);
  }
}

/** No answer of a portal came. What was asked may have been done all the same. */
export class PortalUnreachable extends Error {
  override readonly name = 'PortalUnreachable';

  constructor(message: string, cause: unknown) {
    super(message, { cause });
  }
}

/** What was given as a credential is none, whatever the portal would say. The message does not quote it. */
export class BadCredential extends Error {
  override readonly name = 'BadCredential';
}
