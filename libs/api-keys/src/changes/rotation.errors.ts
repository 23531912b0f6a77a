import { AppError } from '#kernel';

/**
 * Only an argument's value tells that this is for sessions, so it is an error of one field: the operation runs, and is
 * answered with 200. What the operation alone tells is refused before it runs, by `Forbidden`.
 */
export class SessionRequired extends AppError {
  readonly code = 'FORBIDDEN';

  constructor() {
    super("An API key may rotate itself and no other; for another one use a tenant admin's session.");
  }

  override details(): Record<string, unknown> {
    return { reason: 'SESSION_REQUIRED' };
  }
}
