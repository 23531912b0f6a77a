import type { ApolloServerPlugin, BaseContext, GraphQLRequestContext } from '@apollo/server';
import type { DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import { type Principal, rememberPrincipal, ScopeSet } from '#access';
import { PortalModule } from '../../apps/portal/src/portal.module.js';
import { changeGraphQL } from './changed-graphql.js';

const isGuard = (provider: unknown): boolean => (provider as { provide?: unknown }).provide === APP_GUARD;
/** Whoever it is: queries are compiled for principals only. */
const SOMEBODY: Principal = {
  kind: 'USER',
  userId: '00000000-0000-4000-8000-000000000000',
  tenantId: null,
  role: 'VIEWER',
  scopes: new ScopeSet(),
};
const unverified = (req: object, reply: unknown): object => {
  rememberPrincipal(req, SOMEBODY);
  return { req, reply };
};

/**
 * Makes the portals of this process unguarded: the same application by the same code, less authentication in the
 * context, operation gate and global guard. For nothing but to measure what they cost.
 */
export function takeOutTheGuard(): void {
  const forRoot = PortalModule.forRoot.bind(PortalModule);
  PortalModule.forRoot = (...parts) => withoutGuard(forRoot(...parts));
  changeGraphQL(withoutGate);
}

function withoutGuard(module: DynamicModule): DynamicModule {
  const providers = (module.providers ?? []).filter((provider) => !isGuard(provider));
  if (providers.length === module.providers?.length) throw new Error('The portal binds no guard to be taken out.');
  return { ...module, providers };
}

async function withoutGate(config: ApolloDriverConfig): Promise<ApolloDriverConfig> {
  const plugins: ApolloServerPlugin[] = [];
  for (const plugin of config.plugins ?? []) if (!(await answersForOperations(plugin))) plugins.push(plugin);
  if (plugins.length === config.plugins?.length) throw new Error('The portal has no gate to be taken out.');
  return { ...config, plugins, context: unverified, fieldResolverEnhancers: [] };
}

/** Of all plugins, the gate alone can answer in the place of an operation. */
async function answersForOperations(plugin: ApolloServerPlugin): Promise<boolean> {
  const listener = await plugin.requestDidStart?.({} as GraphQLRequestContext<BaseContext>);
  return listener?.responseForOperation !== undefined;
}
