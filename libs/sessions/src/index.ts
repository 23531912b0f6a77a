export { DEVELOPMENT_AUDIENCE, DEVELOPMENT_ISSUER, DevelopmentIssuer } from './development-issuer.js';
export { PortalSessionVerifier } from './portal-session.verifier.js';
export { SessionsModule } from './sessions.module.js';
export type { SessionsOptions } from './sessions.options.js';
