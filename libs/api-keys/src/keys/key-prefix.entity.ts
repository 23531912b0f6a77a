import { defineEntity, p } from '@mikro-orm/core';
import { JOBS_WORK } from '#database/schema';

const KeyPrefixSchema = defineEntity({
  name: 'KeyPrefix',
  tableName: 'api_key_prefix',
  rowLevelSecurity: 'force',
  policies: [JOBS_WORK],
  checks: [{ name: 'api_key_prefix_only_row_check', expression: 'only_row' }],
  properties: {
    onlyRow: p.boolean().primary().default(true),
    prefix: p.text(),
  },
});
/** The prefix of the keys of this database. */
export class KeyPrefix extends KeyPrefixSchema.class {}
KeyPrefixSchema.setClass(KeyPrefix);
