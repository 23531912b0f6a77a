import { AppError } from '#kernel';

const RETRY_AFTER_SECONDS = 10;

/** The principal has as many streams as it may have at the same time. */
export class TooManyStreams extends AppError {
  readonly code = 'RATE_LIMITED';
  override readonly httpStatus = 429;

  constructor(private readonly limit: number) {
    super(`At most ${limit} streams may be open at the same time: close one first.`);
  }

  override details(): Record<string, unknown> {
    return { reason: 'TOO_MANY_STREAMS', limit: this.limit, retryAfterSeconds: RETRY_AFTER_SECONDS };
  }

  override headers(): Record<string, string> {
    return { 'retry-after': String(RETRY_AFTER_SECONDS) };
  }
}
