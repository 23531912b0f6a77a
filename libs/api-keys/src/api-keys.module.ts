import { Module } from '@nestjs/common';
import { TenancyModule } from '#tenancy';
import { ApiKeyEventsResolver } from './api-key-events.resolver.js';
import { ApiKeyFormat } from './api-key.format.js';
import { ApiKeyGuard } from './api-key.guard.js';
import { ApiKeyUsageResolver } from './api-key-usage.resolver.js';
import { ApiKeyUsageService } from './api-key-usage.service.js';
import { ApiKeyResolver } from './api-key.resolver.js';
import { ApiKeyService } from './api-key.service.js';
import { ApiKeyVerifier } from './api-key.verifier.js';
import { API_KEYS_OPTIONS, type ApiKeysOptions, ConfigurableModuleClass } from './api-keys.options.js';
import { FirstUses } from './first-uses.js';
import { KeyAuthority } from './key-authority.js';
import { KeyChangesResolver } from './key-changes.resolver.js';
import { KeyImportService } from './key-import.service.js';
import { KeyUpdateService } from './key-update.service.js';
import { LeakReportResolver } from './leak-report.resolver.js';
import { LeakReportService } from './leak-report.service.js';
import { RequestAuthenticator } from './request-authenticator.js';
import { RevocationService } from './revocation.service.js';
import { RotationService } from './rotation.service.js';
import { SuspensionService } from './suspension.service.js';
import { TransferService } from './transfer.service.js';
import { UsageRetention } from './usage-retention.js';
import { UseRecorder } from './use-recorder.js';
import { ViewerResolver } from './viewer.resolver.js';

@Module({
  imports: [TenancyModule],
  providers: [
    {
      provide: ApiKeyFormat,
      inject: [API_KEYS_OPTIONS],
      useFactory: (options: ApiKeysOptions) => new ApiKeyFormat(options.prefix, options.acceptLegacy),
    },
    ApiKeyVerifier,
    RequestAuthenticator,
    ApiKeyGuard,
    KeyAuthority,
    KeyImportService,
    ApiKeyService,
    RevocationService,
    FirstUses,
    KeyUpdateService,
    RotationService,
    SuspensionService,
    TransferService,
    LeakReportService,
    ApiKeyResolver,
    KeyChangesResolver,
    ApiKeyEventsResolver,
    LeakReportResolver,
    ViewerResolver,
    UseRecorder,
    UsageRetention,
    ApiKeyUsageService,
    ApiKeyUsageResolver,
  ],
  exports: [
    ApiKeyGuard,
    KeyImportService,
    RequestAuthenticator,
    ApiKeyService,
    RevocationService,
    UseRecorder,
    UsageRetention,
  ],
})
export class ApiKeysModule extends ConfigurableModuleClass {}
