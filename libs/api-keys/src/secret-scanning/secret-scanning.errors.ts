import { AppError, LIMITS } from '#kernel';

/** The request does not come from the scanner: a missing, malformed or wrong signature, or a key that the scanner does not publish. */
export class InvalidScannerSignature extends AppError {
  readonly code = 'UNAUTHENTICATED';
  override readonly httpStatus = 401;

  constructor() {
    super('The signature of this request does not hold.');
  }

  override details(): Record<string, unknown> {
    return { reason: 'INVALID_SIGNATURE' };
  }

  override headers(): Record<string, string> {
    return { 'www-authenticate': 'Signature realm="secret-scanning"' };
  }
}

/** The signature holds, but the body is not what the protocol says. */
export class BadMatches extends AppError {
  readonly code = 'BAD_REQUEST';
  override readonly httpStatus = 400;

  constructor(options?: ErrorOptions) {
    super('The body must be a JSON list of matches.', options);
  }
}

export class TooManyMatches extends AppError {
  readonly code = 'BAD_REQUEST';
  override readonly httpStatus = 413;

  constructor() {
    super(`One request may report at most ${LIMITS.secretScanning.matches} matches.`);
  }
}
