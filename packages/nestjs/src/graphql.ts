/** For resolvers: pages, scalars and enums as GraphQL types, and data that a request loads once. */
export { Connection, ForwardPageArguments, NestedPageArguments, TwoWayPageArguments } from '#graphql';
export { DateTime, describedEnum, JSONObject, loaderOf } from '#graphql';
export type { GraphQLContext } from '#graphql';
export { mapPage } from '#kernel';
export type { JsonObject, Page, PageArguments } from '#kernel';
