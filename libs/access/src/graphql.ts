/** The second door, for applications with a GraphQL API. The first one loads no package of GraphQL. */
export { AccessGraphQLModule } from './access-graphql.module.js';
export { apiFieldsOf } from './api-fields.js';
export { OperationGate } from './operation-gate.js';
export { operationGatePlugin } from './operation-gate.plugin.js';
export type { FieldNeed } from './operation-walk.js';
export { RequiredScopesReader } from './required-scopes.js';
export { withAccessDirectives } from './access-directives.js';
