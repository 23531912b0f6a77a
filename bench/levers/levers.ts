import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl';
import type { ApolloServerPlugin } from '@apollo/server';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import { execute } from 'graphql';
import { CompiledOperations } from '../../apps/portal/src/graphql/compiled-operations.js';
import { changeGraphQL } from '../guard/changed-graphql.js';

/** Choices of the portal, each taken back by itself. */
export const LEVERS: Record<string, () => void> = {
  'as it is': () => undefined,
  'as it is, a copy': () => undefined,
  'queries interpreted': () => {
    CompiledOperations.prototype.execute = ({ variables: variableValues, ...asked }) =>
      execute({ ...asked, variableValues });
  },
  'cache-control plugin on': () =>
    changeGraphQL((config) => ({ ...config, plugins: [ApolloServerPluginCacheControl(), ...withoutDisabled(config)] })),
  'status-preserving plugin on': () =>
    changeGraphQL((config) => ({ ...config, preserveHttpStatusForExecutionErrors: true })),
  'no document store': () => changeGraphQL((config) => ({ ...config, documentStore: null })),
};

/** Apollo Server adds its default plugin unless the plugins contain one that says "disabled". */
function withoutDisabled({ plugins = [] }: ApolloDriverConfig): ApolloServerPlugin[] {
  return plugins.filter((plugin) => !('__internal_plugin_id__' in plugin));
}
