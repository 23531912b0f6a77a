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
