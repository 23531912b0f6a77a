export { ApiKeyGuard } from './api-key.guard.js';
export { ApiKeyService } from './api-key.service.js';
export type { NewApiKey } from './api-key.service.js';
export { ApiKeysModule } from './api-keys.module.js';
export type { ApiKeysOptions } from './api-keys.options.js';
export { RateLimiter, rateLimited, rateLimitHeaders } from './rate-limiter.js';
export type { LimitVerdict } from './rate-limiter.js';
export { RequestAuthenticator } from './request-authenticator.js';
export { RevocationService } from './revocation.service.js';
