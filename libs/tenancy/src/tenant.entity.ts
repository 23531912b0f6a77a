import { defineEntity, p } from '@mikro-orm/core';
import {
  boundsOf,
  instantCheck,
  JOBS_WORK,
  lengthCheck,
  type TableOf,
  TENANT_ISOLATION,
  VERIFIER_READS,
} from '#database/schema';

/** What an answer can show. */
const TENANT_BOUNDS = boundsOf('tenants', {
  name: lengthCheck('name', 200),
  created_at: instantCheck('created_at'),
  suspended_at: instantCheck('suspended_at'),
});

const TenantSchema = defineEntity({
  name: 'Tenant',
  tableName: 'tenants',
  rowLevelSecurity: 'force',
  policies: [
    {
      ...TENANT_ISOLATION,
      command: 'select',
      using: `id = nullif(current_setting('app.tenant_id', true), '')::uuid`,
      check: undefined,
    },
    VERIFIER_READS,
    JOBS_WORK,
  ],
  checks: TENANT_BOUNDS,
  properties: {
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    name: p.text(),
    createdAt: p.datetime().defaultRaw('now()'),
    suspendedAt: p.datetime().nullable(),
  },
});
/** A customer of the portal. Deleting a tenant deletes everything it owns. */
export class Tenant extends TenantSchema.class {}
TenantSchema.setClass(Tenant);
export type TenantTable = TableOf<typeof TenantSchema>;
