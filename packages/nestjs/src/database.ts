/** For services: transactions that see the rows of one tenant, work across tenants, and pages of lists. */
export { brokenUniqueConstraint, jsonb, JobsDatabase, keysetPage, newestFirst, TenantDatabase } from '#database';
export type { KeysetOrder, Session, TenantBound } from '#database';
