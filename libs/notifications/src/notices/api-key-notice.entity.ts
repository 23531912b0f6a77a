import { defineEntity, p } from '@mikro-orm/core';
import { boundsOf, instantCheck, JOBS_WORK } from '#database/schema';
import { ApiKey } from '#api-keys/schema';
import { EXPIRY_NOTICES } from './due-notices.rules.js';

const ApiKeyNoticeSchema = defineEntity({
  name: 'ApiKeyNotice',
  tableName: 'api_key_notices',
  rowLevelSecurity: 'force',
  policies: [JOBS_WORK],
  checks: boundsOf('api_key_notices', { ends_at: instantCheck('ends_at'), noticed_at: instantCheck('noticed_at') }),
  properties: {
    apiKeyId: () => p.manyToOne(ApiKey).mapToPk().fieldName('api_key_id').deleteRule('cascade').primary(),
    notice: p.enum([...EXPIRY_NOTICES, 'USED_AFTER_REVOCATION'] as const).primary(),
    /** The end of the key that was reported. Null for a use after the revocation. */
    endsAt: p.datetime().nullable(),
    noticedAt: p.datetime().defaultRaw('now()'),
  },
});
/** The last time that a key was reported as expiring, expired or used after its revocation, so that it is not reported again. */
export class ApiKeyNotice extends ApiKeyNoticeSchema.class {}
ApiKeyNoticeSchema.setClass(ApiKeyNotice);
