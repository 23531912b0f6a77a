import type { Provider, Type } from '@nestjs/common';
import { VerifierDatabase } from '#database';
import { HttpAdapters } from '#http';
import { Clock, SystemClock } from '#kernel';
import { ApiKeyEventService } from './audit/api-key-event.service.js';
import { LiveTrail } from './audit/live-trail.js';
import { CredentialWatch } from './guard/credential-watch.js';
import { ApiKeyFormat } from './keys/api-key.format.js';
import { ApiKeyGuard } from './guard/api-key.guard.js';
import { ApiKeyUsageService } from './usage/api-key-usage.service.js';
import { ApiKeyPolicyService } from './policy/api-key-policy.service.js';
import { ApiKeyService } from './keys/api-key.service.js';
import { ApiKeyVerifier } from './verification/api-key.verifier.js';
import { API_KEYS_OPTIONS, type ApiKeysOptions } from './api-keys.options.js';
import { GuardReadings } from './guard-readings.js';
import { HandlerAdmission } from './guard/handler-admission.js';
import { FirstUses } from './verification/first-uses.js';
import { KeyAuthority } from './keys/key-authority.js';
import { KeyPrefixCheck } from './keys/key-prefix.check.js';
import { checkOptions, redisAddressOf } from './options.rules.js';
import { deploymentName } from './limits/deployment-name.js';
import { MemoryLimitStore } from './limits/memory-limit-store.js';
import { RedisLimitStore } from './limits/redis-limit-store.js';
import { LIMIT_STORE, RateLimiter } from './limits/rate-limiter.js';
import { RequestAuthenticator } from './guard/request-authenticator.js';
import { RevocationService } from './changes/revocation.service.js';
import { UnknownKeyLimiter } from './limits/unknown-key-limiter.js';
import { KeyCreationService } from './changes/key-creation.service.js';
import { KeyAdministration } from './administration/key-administration.js';
import { KeyImportService } from './import/key-import.service.js';
import { KeyUpdateService } from './changes/key-update.service.js';
import { LeakReportService } from './leaks/leak-report.service.js';
import { UsageRetention } from './usage/usage-retention.js';
import { UseRecorder } from './usage/use-recorder.js';
import { RotationService } from './changes/rotation.service.js';
import { SuspensionService } from './changes/suspension.service.js';
import { ApprovalService } from './changes/approval.service.js';
import { TransferService } from './changes/transfer.service.js';
import { Verdicts } from './verification/verdicts.js';

/** The guard and the services of keys, for both modules. They load no package of GraphQL. */
export const API_KEYS_PROVIDERS: Provider[] = [
  { provide: Clock, useClass: SystemClock },
  {
    provide: ApiKeyFormat,
    inject: [API_KEYS_OPTIONS],
    useFactory: formatOf,
  },
  {
    provide: LIMIT_STORE,
    inject: [API_KEYS_OPTIONS, VerifierDatabase],
    useFactory: (options: ApiKeysOptions, database: VerifierDatabase) => {
      const address = redisAddressOf(options);
      return address ? new RedisLimitStore(address, () => deploymentName(database)) : new MemoryLimitStore();
    },
  },
  HttpAdapters,
  KeyPrefixCheck,
  RateLimiter,
  UnknownKeyLimiter,
  Verdicts,
  ApiKeyVerifier,
  RequestAuthenticator,
  HandlerAdmission,
  ApiKeyGuard,
  KeyAuthority,
  KeyAdministration,
  KeyImportService,
  ApiKeyService,
  ApiKeyEventService,
  LiveTrail,
  CredentialWatch,
  KeyCreationService,
  RevocationService,
  ApiKeyPolicyService,
  FirstUses,
  KeyUpdateService,
  RotationService,
  SuspensionService,
  TransferService,
  ApprovalService,
  LeakReportService,
  UseRecorder,
  UsageRetention,
  GuardReadings,
  ApiKeyUsageService,
];

/** What other modules may inject. */
export const API_KEYS_EXPORTS: Type[] = [
  LiveTrail,
  CredentialWatch,
  KeyAuthority,
  ApiKeyGuard,
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
  GuardReadings,
];

/** Everything that reads a key needs its format, so nothing works with options that are wrong. @throws {WrongOption} */
function formatOf(options: ApiKeysOptions): ApiKeyFormat {
  checkOptions(options);
  return new ApiKeyFormat(options.prefix, options.acceptLegacy ?? false, options.routing ?? false);
}
