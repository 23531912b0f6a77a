import type { ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLModule } from '@nestjs/graphql';

type Options = { useFactory?: (...parts: never[]) => ApolloDriverConfig | Promise<ApolloDriverConfig> };

/** Makes the portals of this process run GraphQL otherwise. For nothing but to measure what a choice comes to. */
export function changeGraphQL(
  change: (config: ApolloDriverConfig) => ApolloDriverConfig | Promise<ApolloDriverConfig>,
): void {
  const forRootAsync = GraphQLModule.forRootAsync.bind(GraphQLModule);
  GraphQLModule.forRootAsync = ((options: Options) =>
    forRootAsync({
      ...options,
      useFactory: async (...parts: never[]) => change((await options.useFactory?.(...parts)) ?? {}),
    } as never)) as typeof GraphQLModule.forRootAsync;
}
