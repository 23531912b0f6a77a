import { defineEntity, p } from '@mikro-orm/core';

const HeartbeatKeySchema = defineEntity({
  name: 'HeartbeatKey',
  tableName: 'heartbeat_key',
  rowLevelSecurity: 'force',
  policies: [{ name: 'verifier_reads', command: 'select', roles: ['portal_verifier'], using: 'true' }],
  checks: [{ name: 'heartbeat_key_only_row_check', expression: 'only_row' }],
  properties: {
    onlyRow: p.boolean().primary().default(true),
    key: p.text(),
  },
});
/** The secret by which the instances of one database recognize each other's heartbeats. */
export class HeartbeatKey extends HeartbeatKeySchema.class {}
HeartbeatKeySchema.setClass(HeartbeatKey);
