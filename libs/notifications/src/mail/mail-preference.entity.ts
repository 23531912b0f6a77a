import { defineEntity, p } from '@mikro-orm/core';
import { JOBS_WORK, memberIsolation, TENANT_ISOLATION } from '#database/schema';
import { Tenant, User } from '#tenancy/schema';

const MailPreferenceSchema = defineEntity({
  name: 'MailPreference',
  tableName: 'mail_preferences',
  rowLevelSecurity: 'force',
  policies: [TENANT_ISOLATION, memberIsolation('user_id'), JOBS_WORK],
  checks: [{ name: 'mail_preferences_kinds_check', expression: `jsonb_typeof(kinds) = 'array'` }],
  properties: {
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').deleteRule('cascade').primary(),
    userId: () => p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').primary().index(),
    kinds: p.json<string[]>(),
  },
});
/** The kinds of mails that a person wants. Without a row the person gets the default. */
export class MailPreference extends MailPreferenceSchema.class {}
MailPreferenceSchema.setClass(MailPreference);
