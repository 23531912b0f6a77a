import { AppError } from '#kernel';

/**
 * Only an argument's value shows that this call is for sessions, so this is an error of one field: the operation runs, and the
 * answer is a 200. Where the operation alone shows it, `Forbidden` refuses the operation before it runs.
 */
export class SessionRequired extends AppError {
  readonly code = 'FORBIDDEN';

  constructor() {
    super(
      'An API key may rotate itself and no other; for another one use a session of its owner or of a tenant admin.',
    );
  }

  override details(): Record<string, unknown> {
    return { reason: 'SESSION_REQUIRED' };
  }
}
