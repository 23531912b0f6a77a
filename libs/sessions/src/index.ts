export { DevelopmentIssuer } from './development-issuer.js';
export { remoteKeys } from './issuer-keys.js';
export { PortalSessionVerifier } from './portal-session.verifier.js';
export { SessionsModule } from './sessions.module.js';
export { readSessionToken } from './session-token.js';
export type { TokenRules } from './session-token.js';
export type { SessionsOptions } from './sessions.options.js';
