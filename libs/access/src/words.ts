/** Highest first: a role may do what the roles after it may. */
export const USER_ROLES = ['SUPER_ADMIN', 'TENANT_ADMIN', 'OPERATOR', 'VIEWER'] as const;
export type UserRole = (typeof USER_ROLES)[number];
