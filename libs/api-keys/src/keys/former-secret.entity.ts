import { defineEntity, p } from '@mikro-orm/core';
import { JOBS_WORK, memberIsolationBy, TENANT_ISOLATION, VERIFIER_READS } from '#database/schema';
import { Tenant } from '#tenancy/schema';
import { ApiKey } from './api-key.entity.js';

const FormerSecretSchema = defineEntity({
  name: 'FormerSecret',
  tableName: 'api_key_former_secrets',
  rowLevelSecurity: 'force',
  policies: [TENANT_ISOLATION, memberIsolationBy('api_key_id', 'api_keys', 'user_id'), VERIFIER_READS, JOBS_WORK],
  properties: {
    /** SHA-256 of the plaintext, 64 lower-case hex characters. */
    keyHash: p.text().primary().hidden(),
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    apiKeyId: () => p.manyToOne(ApiKey).mapToPk().fieldName('api_key_id').deleteRule('cascade').index(),
    /** The number of the key's secret. The key's row shows whether this secret still opens the key. */
    secretNumber: p.integer(),
  },
});
/** A secret that is no longer a key's newest one. */
export class FormerSecret extends FormerSecretSchema.class {}
FormerSecretSchema.setClass(FormerSecret);
