import { defineEntity, p } from '@mikro-orm/core';
import { boundsOf, instantCheck, JOBS_WORK, lengthCheck, TENANT_ISOLATION } from '#database/schema';
import type { JsonObject } from '#kernel';
import { Tenant, User } from '#tenancy/schema';
import { MAIL_KINDS } from './mail-kinds.rules.js';

const MailSchema = defineEntity({
  name: 'Mail',
  tableName: 'mails',
  rowLevelSecurity: 'force',
  policies: [TENANT_ISOLATION, JOBS_WORK],
  checks: [
    ...boundsOf('mails', { last_error: lengthCheck('last_error', 200), created_at: instantCheck('created_at') }),
    { name: 'mails_data_check', expression: `jsonb_typeof(data) = 'object'` },
    { name: 'mails_due_check', expression: `(status = 'PENDING') = (next_attempt_at is not null)` },
  ],
  indexes: [{ name: 'mails_due_index', properties: ['nextAttemptAt'], where: `status = 'PENDING'` }],
  properties: {
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').deleteRule('cascade').index(),
    /** The person whom the mail is sent to. Null: a row for each person whom the mail concerns will take the place of this row. */
    userId: () => p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').nullable().index(),
    kind: p.enum(MAIL_KINDS),
    apiKeyId: p.uuid().nullable(),
    /** The values that the text of the mail names. */
    data: p.json<JsonObject>(),
    /** DROPPED: the person is inactive, gone or does not want the mail. */
    status: p.enum(['PENDING', 'SENT', 'FAILED', 'DROPPED'] as const).default('PENDING'),
    attempts: p.integer().default(0),
    /** Null once the mail is over. */
    nextAttemptAt: p.datetime().nullable().defaultRaw('now()'),
    claimedUntil: p.datetime().nullable(),
    lastError: p.text().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});
/** A mail that is to be sent. */
export class Mail extends MailSchema.class {}
MailSchema.setClass(Mail);
