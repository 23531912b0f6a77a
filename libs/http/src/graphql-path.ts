import type { ApplicationConfig, ModuleRef } from '@nestjs/core';
import type { HttpRequest } from './http-exchange.js';

/** The token of `GraphQLModule` for its options, by its name: an application without GraphQL has no such package. */
const GRAPHQL_OPTIONS = 'GqlModuleOptions';
interface GraphQLOptions {
  path?: string;
  useGlobalPrefix?: boolean;
}

/** Stored on the instance of the adapter, which each of its requests knows. */
const GRAPHQL_PATHS = Symbol('paths of operations');
interface Marked {
  [GRAPHQL_PATHS]?: readonly string[];
}

/** The paths of operations, as `GraphQLModule` derives them from its options; none in an application without GraphQL. */
export function graphqlPathsOf(modules: ModuleRef, application: ApplicationConfig): string[] {
  return optionsIn(modules).map(({ path = '/graphql', useGlobalPrefix }) => {
    const prefix = useGlobalPrefix ? withOneSlash(application.getGlobalPrefix()) : '';
    return prefix + withOneSlash(path) || '/';
  });
}

export function rememberGraphqlPaths(instance: object, paths: readonly string[]): void {
  (instance as Marked)[GRAPHQL_PATHS] = paths;
}

/** The paths of operations of the application that got the request. */
export function graphqlPathsAt({ server, app }: HttpRequest): readonly string[] {
  return ((server ?? app) as Marked | undefined)?.[GRAPHQL_PATHS] ?? [];
}

function optionsIn(modules: ModuleRef): GraphQLOptions[] {
  try {
    return modules.get<GraphQLOptions>(GRAPHQL_OPTIONS, { strict: false, each: true });
  } catch {
    // Nest throws where no module has the token.
    return [];
  }
}

/** `/api` for `api`, `/api` and `/api/`; nothing for `/`. */
function withOneSlash(path: string): string {
  const name = path.replace(/^\/+|\/+$/g, '');
  return name === '' ? '' : `/${name}`;
}
