import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl';
import type { ApolloServerPlugin } from '@apollo/server';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import { execute } from 'graphql';
import type { Kysely } from 'kysely';
import { kyselyOf, type Session, TenantDatabase, type TenantBound } from '#database';
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
  'rows read through the ORM': () => {
    TenantDatabase.prototype.read = function <Tables, Result>(
      this: TenantDatabase,
      by: TenantBound,
      work: (db: Kysely<Tables>) => Promise<Result>,
    ) {
      return (this as unknown as Sessions).session(by, (em) => work(kyselyOf<Tables>(em)));
    };
  },
};

interface Sessions {
  session<Result>(by: TenantBound, work: (em: Session) => Promise<Result>): Promise<Result>;
}

/** Apollo Server adds its default plugin unless it is told otherwise by one that says "disabled". */
function withoutDisabled({ plugins = [] }: ApolloDriverConfig): ApolloServerPlugin[] {
  return plugins.filter((plugin) => !('__internal_plugin_id__' in plugin));
}
