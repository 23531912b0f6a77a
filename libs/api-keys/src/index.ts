export { ApiKeyFormat } from './api-key.format.js';
export { ApiKeyGuard } from './api-key.guard.js';
export { ApiKeyService } from './api-key.service.js';
export type { NewApiKey } from './api-key.service.js';
export { ApiKeyVerifier } from './api-key.verifier.js';
export { ApiKeysModule } from './api-keys.module.js';
export type { ApiKeysOptions } from './api-keys.options.js';
export { RequestAuthenticator } from './request-authenticator.js';
export { RevocationService } from './revocation.service.js';
