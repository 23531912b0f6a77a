import type { PolicyDef } from '@mikro-orm/core';

const TENANT = `nullif(current_setting('app.tenant_id', true), '')::uuid`;

/** `portal_app` sees and writes the rows of the tenant that its session is bound to. An unbound session sees no rows. */
export const TENANT_ISOLATION: PolicyDef = {
  name: 'tenant_isolation',
  roles: ['portal_app'],
  using: `tenant_id = ${TENANT}`,
  check: `tenant_id = ${TENANT}`,
};

/** `portal_verifier` reads across tenants: the tenant of a credential is known only after its verification. */
export const VERIFIER_READS: PolicyDef = {
  name: 'verifier_reads',
  command: 'select',
  roles: ['portal_verifier'],
  using: 'true',
};

/** `portal_jobs` works across tenants. */
export const JOBS_WORK: PolicyDef = { name: 'jobs_work', roles: ['portal_jobs'], using: 'true', check: 'true' };

/**
 * The member that a session is bound to; null for a session that is bound to none. A subquery, which PostgreSQL evaluates once per
 * statement and not once per row. Its column has a name, because PostgreSQL would show one of its own.
 */
const MEMBER = `(select nullif(current_setting('app.member_id', true), '')::uuid as member)`;

const restrictive = (condition: string): PolicyDef => ({
  name: 'member_isolation',
  type: 'restrictive',
  roles: ['portal_app'],
  using: `${MEMBER} is null or ${condition}`,
  check: `${MEMBER} is null or ${condition}`,
});

/** `portal_app`, where its session is bound to a member, sees and writes only rows whose `column` names the member. */
export const memberIsolation = (column: string): PolicyDef => restrictive(`${column} = ${MEMBER}`);

/** The same for the rows of another table that belong to a row of `owned`. */
export const memberIsolationBy = (column: string, owned: string, owner: string): PolicyDef =>
  restrictive(`exists (select from ${owned} where id = ${column} and ${owner} = ${MEMBER})`);
