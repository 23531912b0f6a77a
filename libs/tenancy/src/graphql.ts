/** The second door, for applications with a GraphQL API. The first one loads no package of GraphQL. */
export { TenancyGraphQLModule } from './tenancy-graphql.module.js';
export { TenantObject, USER_KIND, USER_ROLE, UserObject } from './tenancy.objects.js';
