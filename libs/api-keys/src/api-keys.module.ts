import { Module } from '@nestjs/common';
import { TenancyModule } from '#tenancy';
import { ConfigurableModuleClass } from './api-keys.options.js';
import { API_KEYS_EXPORTS, API_KEYS_PROVIDERS } from './api-keys-providers.js';
import { DeclaredAccessCheck } from './guard/declared-access.check.js';

/** The guard, for an application whose handlers are plain HTTP handlers. `ApiKeysGraphQLModule` is for an application with GraphQL. */
@Module({
  imports: [TenancyModule],
  providers: [...API_KEYS_PROVIDERS, DeclaredAccessCheck],
  exports: API_KEYS_EXPORTS,
})
export class ApiKeysModule extends ConfigurableModuleClass {}
