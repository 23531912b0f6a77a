import { defineEntity, p } from '@mikro-orm/core';
import { JOBS_WORK, TENANT_ISOLATION, VERIFIER_READS, type TableOf } from '#database/schema';

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
