export { ApiKey } from './api-key.entity.js';
export { ApiKeyScopeUse, ApiKeyUsageDay, ApiKeyUsageHour } from './api-key-usage.entity.js';
