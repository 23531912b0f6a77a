import { USER_ROLES, type UserRole } from './words.js';

/** Is `role` at least `required`? One that is not among them, written by a newer version, is at least nothing. */
export function isAtLeast(role: UserRole, required: UserRole): boolean {
  const rank = USER_ROLES.indexOf(role);
  return rank !== -1 && rank <= USER_ROLES.indexOf(required);
}
