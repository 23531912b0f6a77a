/** The second door, for applications with a GraphQL API. The first one loads no package of GraphQL. */
export { AdmissionAtOnce } from './guard/admission-at-once.js';
export { ApiKeyEventFilterInput, ApiKeyEventObject } from './audit/api-key-event.objects.js';
export { ApiKeyEventView } from './audit/shown-event.js';
export { ApiKeysGraphQLModule } from './api-keys-graphql.module.js';
export { GuardedGraphQL } from './guard/guarded-graphql.js';
export { Viewer } from './keys/viewer.objects.js';
