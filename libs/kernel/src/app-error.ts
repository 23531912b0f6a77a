import { OperatorError } from './operator-error.js';

/**
 * A failure that a client may see. Every other error is a bug, and its message is masked.
 *
 * `code` and the members of `details()` are words of the public contract; the message is for people.
 */
export abstract class AppError extends OperatorError {
  /** `extensions.code` of the answer. */
  abstract readonly code: string;
  /** Status of the answer when this error fails the whole request. Undefined for an error of one field: the answer is a 200. */
  readonly httpStatus: number | undefined = undefined;

  /** Further members of `extensions`. */
  details(): Record<string, unknown> {
    return {};
  }

  /** HTTP headers that go with `httpStatus`. */
  headers(): Record<string, string> {
    return {};
  }
}

/** `extensions` of an `AppError`, as clients see them. */
export function extensionsOf(error: AppError): Record<string, unknown> {
  return { code: error.code, ...error.details() };
}

/** The thing does not exist, or belongs to another tenant. Both cases give the same answer. */
export class NotFound extends AppError {
  readonly code = 'NOT_FOUND';

  /** @param what the kind of thing, such as `Device`; never its id, so that two answers cannot differ. */
  constructor(what: string) {
    super(`${what} not found.`);
  }
}

export type ConflictReason =
  | 'INVALID_STATE'
  | 'VERSION_MISMATCH'
  | 'ALREADY_EXISTS'
  | 'NEW_SECRET_UNUSED'
  | 'APPROVAL_REQUIRED'
  | 'COUNT_MISMATCH';

/** The request is valid, but the present state does not allow it. */
export class Conflict extends AppError {
  readonly code = 'CONFLICT';

  constructor(
    readonly reason: ConflictReason,
    message: string,
    private readonly members: Record<string, unknown> = {},
  ) {
    super(message);
  }

  override details(): Record<string, unknown> {
    return { reason: this.reason, ...this.members };
  }
}

/** A service we depend on is unavailable. Never used for a credential that is merely wrong. */
export class ServiceUnavailable extends AppError {
  readonly code = 'SERVICE_UNAVAILABLE';
  override readonly httpStatus = 503;

  constructor(options: { cause: unknown; retryAfterSeconds?: number }) {
    super('The service is unavailable at the moment. Try again.', { cause: options.cause });
    this.retryAfterSeconds = options.retryAfterSeconds ?? 1;
  }

  private readonly retryAfterSeconds: number;

  override headers(): Record<string, string> {
    return { 'retry-after': String(this.retryAfterSeconds) };
  }
}
