import { defineEntity, p } from '@mikro-orm/core';
import { boundsOf, instantCheck, JOBS_WORK, memberIsolationBy, TENANT_ISOLATION } from '#database/schema';
import { ApiKey } from '../keys/api-key.entity.js';

/** Requests read this table; only the use recorder and the retention job write to it. */
const ROW_SECURITY = [
  { ...TENANT_ISOLATION, command: 'select' as const, check: undefined },
  memberIsolationBy('api_key_id', 'api_keys', 'user_id'),
  JOBS_WORK,
];
/** One row that counts below nothing would take its key's other hours with it. */
const COUNTS = { allowed: 'allowed >= 0', denied: 'denied >= 0' };
const DAYS = `day >= '0001-01-01' and day < '10000-01-01'`;
const keyOfRow = () => p.manyToOne(ApiKey).mapToPk().fieldName('api_key_id').deleteRule('cascade').primary();

const ApiKeyUsageHourSchema = defineEntity({
  name: 'ApiKeyUsageHour',
  tableName: 'api_key_usage_hours',
  rowLevelSecurity: 'force',
  policies: ROW_SECURITY,
  checks: boundsOf('api_key_usage_hours', { ...COUNTS, hour: instantCheck('hour') }),
  indexes: [{ name: 'api_key_usage_hours_hour_index', properties: ['hour'], type: 'brin' }],
  properties: {
    apiKeyId: keyOfRow,
    /** The first instant of the hour, in UTC. */
    hour: p.datetime().primary(),
    tenantId: p.uuid(),
    allowed: p.bigint(),
    denied: p.bigint(),
  },
});
/** Requests of one key in one hour. A request is counted in exactly one row: in its hour, or in its day once the hour is old. */
export class ApiKeyUsageHour extends ApiKeyUsageHourSchema.class {}
ApiKeyUsageHourSchema.setClass(ApiKeyUsageHour);

const ApiKeyUsageDaySchema = defineEntity({
  name: 'ApiKeyUsageDay',
  tableName: 'api_key_usage_days',
  rowLevelSecurity: 'force',
  policies: ROW_SECURITY,
  checks: boundsOf('api_key_usage_days', { ...COUNTS, day: DAYS }),
  indexes: [{ name: 'api_key_usage_days_day_index', properties: ['day'], type: 'brin' }],
  properties: {
    apiKeyId: keyOfRow,
    /** The day in UTC. */
    day: p.date().primary(),
    tenantId: p.uuid(),
    allowed: p.bigint(),
    denied: p.bigint(),
  },
});
/** Requests of one key on one day, for hours that are no longer kept. */
export class ApiKeyUsageDay extends ApiKeyUsageDaySchema.class {}
ApiKeyUsageDaySchema.setClass(ApiKeyUsageDay);

const ApiKeyScopeUseSchema = defineEntity({
  name: 'ApiKeyScopeUse',
  tableName: 'api_key_scope_use',
  rowLevelSecurity: 'force',
  policies: ROW_SECURITY,
  checks: boundsOf('api_key_scope_use', { last_used_at: instantCheck('last_used_at') }),
  properties: {
    apiKeyId: keyOfRow,
    scope: p.text().primary(),
    tenantId: p.uuid(),
    lastUsedAt: p.datetime(),
  },
});
/** The last time that an accepted request of this key needed this scope. */
export class ApiKeyScopeUse extends ApiKeyScopeUseSchema.class {}
ApiKeyScopeUseSchema.setClass(ApiKeyScopeUse);

const ApiKeyAddressSchema = defineEntity({
  name: 'ApiKeyAddress',
  tableName: 'api_key_addresses',
  rowLevelSecurity: 'force',
  policies: ROW_SECURITY,
  checks: boundsOf('api_key_addresses', {
    first_used_at: instantCheck('first_used_at'),
    last_used_at: instantCheck('last_used_at'),
  }),
  properties: {
    apiKeyId: keyOfRow,
    ip: p.text().primary(),
    tenantId: p.uuid(),
    firstUsedAt: p.datetime(),
    lastUsedAt: p.datetime(),
  },
});
/** An address that this key was used from lately. */
export class ApiKeyAddress extends ApiKeyAddressSchema.class {}
ApiKeyAddressSchema.setClass(ApiKeyAddress);

const ApiKeyUseBatchSchema = defineEntity({
  name: 'ApiKeyUseBatch',
  tableName: 'api_key_use_batches',
  rowLevelSecurity: 'force',
  policies: [JOBS_WORK],
  properties: {
    recorderId: p.uuid().primary(),
    number: p.bigint(),
    writtenAt: p.datetime().defaultRaw('now()'),
  },
});
/** The last batch of uses that a recorder wrote. */
export class ApiKeyUseBatch extends ApiKeyUseBatchSchema.class {}
ApiKeyUseBatchSchema.setClass(ApiKeyUseBatch);
