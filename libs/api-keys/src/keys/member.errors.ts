import { AppError } from '#kernel';

/**
 * Only stored values show that this call is for an administrator, so this is an error of one field, and the answer is a 200. Where
 * the operation alone shows it, `Forbidden` refuses the operation before it runs.
 */
export class AdministratorRequired extends AppError {
  readonly code = 'FORBIDDEN';

  constructor(message = 'An administrator has suspended this key, and only an administrator may resume it.') {
    super(message);
  }

  override details(): Record<string, unknown> {
    return { reason: 'ROLE_REQUIRED', requiredRole: 'TENANT_ADMIN' };
  }
}

/** The tenant's policy lets users below TENANT_ADMIN make no keys, and widen none. */
export class MemberKeysOff extends AppError {
  readonly code = 'FORBIDDEN';

  constructor() {
    super("This tenant's policy leaves new and wider keys to its administrators.");
  }

  override details(): Record<string, unknown> {
    return { reason: 'MEMBER_KEYS_OFF' };
  }
}
