import { AppError } from './app-error.js';

/** The caller sent more requests than the limit allows. The whole request is refused before anything runs. */
export class RateLimited extends AppError {
  readonly code = 'RATE_LIMITED';
  override readonly httpStatus = 429;

  /** @param members `retryAfterSeconds` is a whole number, at least 1 */
  constructor(
    private readonly members: {
      readonly limit: number;
      readonly windowSeconds: number;
      readonly retryAfterSeconds: number;
    },
  ) {
    super(`Too many requests. Try again in ${members.retryAfterSeconds} s.`);
  }

  override details(): Record<string, unknown> {
    const { limit, windowSeconds, retryAfterSeconds } = this.members;
    return { retryAfterSeconds, limit, windowSeconds };
  }

  override headers(): Record<string, string> {
    return { 'retry-after': String(this.members.retryAfterSeconds) };
  }
}
