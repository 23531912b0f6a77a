import { Module } from '@nestjs/common';
import { OperationGate } from './operation-gate.js';
import { RequiredScopesReader } from './required-scopes.js';
import { RequiredScopesResolver } from './required-scopes.resolver.js';

/** The gate of a GraphQL API, and `Query.requiredScopes`. Needs `AccessModule` in the application. */
@Module({
  providers: [OperationGate, RequiredScopesReader, RequiredScopesResolver],
  exports: [OperationGate],
})
export class AccessGraphQLModule {}
