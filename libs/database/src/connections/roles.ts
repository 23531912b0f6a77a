/**
 * The roles that the application works as. All are NOLOGIN and reached by `SET ROLE` from one ordinary login:
 * - `portal_app`: requests; bound to one tenant by row level security
 * - `portal_verifier`: reads only the data that a verdict on a credential needs, across tenants
 * - `portal_jobs`: counters, purge, import and the command line, across tenants by row level security that names this role
 */
export const ROLES = ['portal_app', 'portal_verifier', 'portal_jobs'] as const;
export type Role = (typeof ROLES)[number];

const quote = (identifier: string) => `"${identifier.replaceAll('"', '""')}"`;

/**
 * The statements that an administrator runs once per cluster, before the first migration. Roles belong to the cluster, so they
 * are created if absent (two databases can migrate at once) and never dropped. Without inheritance, row level security
 * shows the login no row until the login has set one of the roles.
 */
export function administratorSql(login: string): string[] {
  return ROLES.flatMap((role) => [
    `do $$ begin create role ${role} nologin nobypassrls; exception when duplicate_object or unique_violation then null; end $$`,
    `grant ${role} to ${quote(login)} with inherit false, set true`,
  ]);
}
