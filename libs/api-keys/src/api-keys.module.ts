import { Module } from '@nestjs/common';
import { VerifierDatabase } from '#database';
import { Clock, SystemClock } from '#kernel';
import { TenancyModule } from '#tenancy';
import { ApiKeyEventService } from './audit/api-key-event.service.js';
import { ApiKeyEventView } from './audit/shown-event.js';
import { ApiKeyEventsResolver } from './audit/api-key-events.resolver.js';
import { LiveTrail } from './audit/live-trail.js';
import { CredentialWatch } from './guard/credential-watch.js';
import { ApiKeyFormat } from './keys/api-key.format.js';
import { ApiKeyGuard } from './guard/api-key.guard.js';
import { ApiKeyUsageResolver } from './usage/api-key-usage.resolver.js';
import { ApiKeyUsageService } from './usage/api-key-usage.service.js';
import { ApiKeyPolicyResolver } from './policy/api-key-policy.resolver.js';
import { ApiKeyPolicyService } from './policy/api-key-policy.service.js';
import { ApiKeyResolver } from './keys/api-key.resolver.js';
import { ApiKeyService } from './keys/api-key.service.js';
import { ApiKeyVerifier } from './verification/api-key.verifier.js';
import { API_KEYS_OPTIONS, type ApiKeysOptions, ConfigurableModuleClass } from './api-keys.options.js';
import { HttpAdapterCheck } from './guard/http-adapter.check.js';
import { HandlerAdmission } from './guard/handler-admission.js';
import { FirstUses } from './verification/first-uses.js';
import { AdmissionAtOnce } from './guard/admission-at-once.js';
import { GuardedGraphQL } from './guard/guarded-graphql.js';
import { KeyAuthority } from './keys/key-authority.js';
import { KeyPrefixCheck } from './keys/key-prefix.check.js';
import { deploymentName } from './limits/deployment-name.js';
import { MemoryLimitStore } from './limits/memory-limit-store.js';
import { RedisLimitStore } from './limits/redis-limit-store.js';
import { LIMIT_STORE, RateLimiter } from './limits/rate-limiter.js';
import { RequestAuthenticator } from './guard/request-authenticator.js';
import { RevocationService } from './changes/revocation.service.js';
import { UnknownKeyLimiter } from './limits/unknown-key-limiter.js';
import { KeyCreationResolver } from './changes/key-creation.resolver.js';
import { KeyCreationService } from './changes/key-creation.service.js';
import { KeyChangesResolver } from './changes/key-changes.resolver.js';
import { KeyAdministration } from './administration/key-administration.js';
import { KeyImportService } from './import/key-import.service.js';
import { KeyUpdateService } from './changes/key-update.service.js';
import { LeakReportResolver } from './leaks/leak-report.resolver.js';
import { LeakReportService } from './leaks/leak-report.service.js';
import { UsageRetention } from './usage/usage-retention.js';
import { UseRecorder } from './usage/use-recorder.js';
import { RotationService } from './changes/rotation.service.js';
import { SuspensionService } from './changes/suspension.service.js';
import { ApprovalResolver } from './changes/approval.resolver.js';
import { ApprovalService } from './changes/approval.service.js';
import { TransferService } from './changes/transfer.service.js';
import { Verdicts } from './verification/verdicts.js';
import { ViewerResolver } from './keys/viewer.resolver.js';

@Module({
  imports: [TenancyModule],
  providers: [
    { provide: Clock, useClass: SystemClock },
    {
      provide: ApiKeyFormat,
      inject: [API_KEYS_OPTIONS],
      useFactory: (options: ApiKeysOptions) => new ApiKeyFormat(options.prefix, options.acceptLegacy ?? false),
    },
    {
      provide: LIMIT_STORE,
      inject: [API_KEYS_OPTIONS, VerifierDatabase],
      useFactory: ({ redisUrl }: ApiKeysOptions, database: VerifierDatabase) =>
        redisUrl ? new RedisLimitStore(redisUrl, () => deploymentName(database)) : new MemoryLimitStore(),
    },
    HttpAdapterCheck,
    KeyPrefixCheck,
    RateLimiter,
    UnknownKeyLimiter,
    Verdicts,
    ApiKeyVerifier,
    RequestAuthenticator,
    HandlerAdmission,
    ApiKeyGuard,
    GuardedGraphQL,
    AdmissionAtOnce,
    KeyAuthority,
    KeyAdministration,
    KeyImportService,
    ApiKeyService,
    ApiKeyEventService,
    ApiKeyEventView,
    LiveTrail,
    CredentialWatch,
    KeyCreationService,
    RevocationService,
    ApiKeyPolicyService,
    ApiKeyPolicyResolver,
    FirstUses,
    KeyUpdateService,
    RotationService,
    SuspensionService,
    TransferService,
    ApprovalService,
    LeakReportService,
    ApiKeyResolver,
    KeyCreationResolver,
    KeyChangesResolver,
    ApprovalResolver,
    ApiKeyEventsResolver,
    LeakReportResolver,
    ViewerResolver,
    UseRecorder,
    UsageRetention,
    ApiKeyUsageService,
    ApiKeyUsageResolver,
  ],
  exports: [
    AdmissionAtOnce,
    ApiKeyEventView,
    LiveTrail,
    CredentialWatch,
    KeyAuthority,
    ApiKeyGuard,
    GuardedGraphQL,
    ApiKeyVerifier,
    KeyAdministration,
    KeyImportService,
    RateLimiter,
    RequestAuthenticator,
    ApiKeyService,
    ApiKeyPolicyService,
    KeyCreationService,
    LeakReportService,
    UseRecorder,
    UsageRetention,
  ],
})
export class ApiKeysModule extends ConfigurableModuleClass {}
