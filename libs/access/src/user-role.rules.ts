/** Highest first: a role may do what the roles after it may. */
export const USER_ROLES = ['SUPER_ADMIN', 'TENANT_ADMIN', 'OPERATOR', 'VIEWER'] as const;
export type UserRole = (typeof USER_ROLES)[number];

/** Is `role` at least `required`? One that is not among them, written by a newer version, is at least nothing. */
export function isAtLeast(role: UserRole, required: UserRole): boolean {
  const rank = USER_ROLES.indexOf(role);
  return rank !== -1 && rank <= USER_ROLES.indexOf(required);
}
