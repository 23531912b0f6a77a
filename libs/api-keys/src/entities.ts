export { ApiKey } from './api-key.entity.js';
export { ApiKeyEvent } from './api-key-event.entity.js';
export { FormerSecret } from './former-secret.entity.js';
export { ApiKeyScopeUse, ApiKeyUsageDay, ApiKeyUsageHour } from './api-key-usage.entity.js';
