import { USER_ROLES, type UserRole } from './words.js';

/** True if `role` ranks at least as high as `required`. An unknown role, written by a newer version, ranks below every role. */
export function isAtLeast(role: UserRole, required: UserRole): boolean {
  const rank = USER_ROLES.indexOf(role);
  return rank !== -1 && rank <= USER_ROLES.indexOf(required);
}
