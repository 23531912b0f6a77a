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
import { Tenant } from './tenant.entity.js';

/** What an answer can show. */
const USER_BOUNDS = boundsOf('users', {
  email: lengthCheck('email', 320),
  name: lengthCheck('name', 200),
  created_at: instantCheck('created_at'),
});

const UserSchema = defineEntity({
  name: 'User',
  tableName: 'users',
  rowLevelSecurity: 'force',
  policies: [
    { ...TENANT_ISOLATION, command: 'select', check: undefined },
    {
      name: 'platform_users',
      command: 'select',
      roles: ['portal_app'],
      using: `tenant_id is null and nullif(current_setting('app.tenant_id', true), '') is not null`,
    },
    VERIFIER_READS,
    JOBS_WORK,
  ],
  checks: [
    ...USER_BOUNDS,
    { name: 'users_email_check', expression: 'email = lower(email)' },
    { name: 'users_tenant_check', expression: `(role = 'SUPER_ADMIN') = (tenant_id is null)` },
  ],
  properties: {
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    /** Null for a super admin, who acts in the tenant that each request names. */
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').deleteRule('cascade').nullable().index(),
    /** The `sub` of the identity provider; null until the first session whose verified e-mail matches. */
    subject: p.text().nullable().unique(),
    /** Lower case; unique over all tenants. */
    email: p.text().unique(),
    name: p.text(),
    kind: p.enum(['HUMAN', 'SERVICE'] as const).default('HUMAN'),
    role: p.enum(['SUPER_ADMIN', 'TENANT_ADMIN', 'OPERATOR', 'VIEWER'] as const),
    isActive: p.boolean().default(true),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});
/** A person or a service account. */
export class User extends UserSchema.class {}
UserSchema.setClass(User);
export type UserTable = TableOf<typeof UserSchema>;
