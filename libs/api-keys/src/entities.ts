export { ApiKeyPolicy } from './policy/api-key-policy.entity.js';
export { ApiKey } from './keys/api-key.entity.js';
export { ApiKeyScopeUse, ApiKeyUsageDay, ApiKeyUsageHour } from './usage/api-key-usage.entity.js';
export { ApiKeyEvent } from './audit/api-key-event.entity.js';
export { FormerSecret } from './keys/former-secret.entity.js';
