import { Module } from '@nestjs/common';
import { AccessGraphQLModule } from '#access/graphql';
import { TenancyModule } from '#tenancy';
import { TenancyGraphQLModule } from '#tenancy/graphql';
import { ConfigurableModuleClass } from './api-keys.options.js';
import { API_KEYS_EXPORTS, API_KEYS_PROVIDERS } from './api-keys-providers.js';
import { ApiKeyEventView } from './audit/shown-event.js';
import { ApiKeyEventsResolver } from './audit/api-key-events.resolver.js';
import { ApiKeyUsageResolver } from './usage/api-key-usage.resolver.js';
import { ApiKeyPolicyResolver } from './policy/api-key-policy.resolver.js';
import { ApiKeyResolver } from './keys/api-key.resolver.js';
import { AdmissionAtOnce } from './guard/admission-at-once.js';
import { GuardedGraphQL } from './guard/guarded-graphql.js';
import { KeyCreationResolver } from './changes/key-creation.resolver.js';
import { KeyChangesResolver } from './changes/key-changes.resolver.js';
import { LeakReportResolver } from './leaks/leak-report.resolver.js';
import { ApprovalResolver } from './changes/approval.resolver.js';
import { ViewerResolver } from './keys/viewer.resolver.js';

/** The guard, the configuration of Apollo Server, and the fields of keys, for an application with a GraphQL API. */
@Module({
  imports: [TenancyModule, AccessGraphQLModule, TenancyGraphQLModule],
  providers: [
    ...API_KEYS_PROVIDERS,
    GuardedGraphQL,
    AdmissionAtOnce,
    ApiKeyEventView,
    ApiKeyPolicyResolver,
    ApiKeyResolver,
    KeyCreationResolver,
    KeyChangesResolver,
    ApprovalResolver,
    ApiKeyEventsResolver,
    LeakReportResolver,
    ViewerResolver,
    ApiKeyUsageResolver,
  ],
  exports: [...API_KEYS_EXPORTS, AdmissionAtOnce, ApiKeyEventView, GuardedGraphQL],
})
export class ApiKeysGraphQLModule extends ConfigurableModuleClass {}
