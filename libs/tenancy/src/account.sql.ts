import type { UserRole } from '#access';

/** What a session's verdict needs of a user, across tenants. */
export interface Account {
  userId: string;
  /** Null for a super admin. */
  tenantId: string | null;
  role: UserRole;
  isActive: boolean;
  isTenantSuspended: boolean;
}

/** `$1`: the subject. */
export const ACCOUNT_BY_SUBJECT = `
  select users.id as "userId", users.tenant_id as "tenantId", users.role, users.is_active as "isActive",
         tenants.suspended_at is not null as "isTenantSuspended"
  from users left join tenants on tenants.id = users.tenant_id
  where users.subject = $1`;
