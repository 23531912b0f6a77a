/**
 * For an application with a GraphQL API: its wiring, and for resolvers pages, scalars and enums as GraphQL types, and data that a request
 * loads once.
 */
export { ApiKeysGraphQLModule, GuardedGraphQL } from '#api-keys/graphql';
export { Connection, ForwardPageArguments, NestedPageArguments, TwoWayPageArguments } from '#graphql';
export { DateTime, describedEnum, JSONObject } from '#graphql';
export type { GraphQLContext } from '#graphql';
export { loaderOf, mapPage } from '#kernel';
export type { JsonObject, Page, PageArguments } from '#kernel';
