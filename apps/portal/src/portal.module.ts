import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import { AccessModule } from '#access';
import { AlertsModule } from '#alerts';
import { ConfigBackupsModule } from '#config-backups';
import { ApiKeyGuard, CredentialWatch, KeyIntrospectionModule, SecretScanningModule } from '#api-keys';
import { AdmissionAtOnce, ApiKeysGraphQLModule, GuardedGraphQL } from '#api-keys/graphql';
import { OpenStreams } from '#graphql';
import { HttpErrorFilter } from '#http';
import { Consistency, DatabaseModule } from '#database';
import { DevicesModule } from '#devices';
import { FirmwareModule } from '#firmware';
import { NotificationsModule } from '#notifications';
import { PortalSessionVerifier, SessionsModule } from '#sessions';
import { TenancyModule } from '#tenancy';
import { ConsoleModule } from './console/console.module.js';
import { ExplorerModule } from './explorer/explorer.module.js';
import { CompilingDriver } from './graphql/compiling.driver.js';
import { graphqlOptions } from './graphql/graphql.options.js';
import { StreamsModule } from './graphql/streams.module.js';
import { HealthModule } from './http/health.module.js';
import type { LogOutput } from './http/log-output.js';
import { graphqlMetricsPlugin } from './metrics/graphql-metrics.plugin.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { PortalMetrics } from './metrics/portal-metrics.js';
import { SCHEMA } from '../../../mikro-orm.config.js';
import { PORTAL_ACCESS } from './portal.access.js';
import type { PortalConfig } from './portal.config.js';
import type { PortalTracing } from './tracing/start-tracing.js';

interface Running {
  tracing?: PortalTracing | undefined;
  /** How long a client may leave a stream unread. */
  stallMs?: number;
}

/** The wiring: the only file that knows every room. */
@Module({})
export class PortalModule {
  /**
   * @param databaseUrl the configured URL, or the embedded server's
   * @param log the log whose losses the metrics show
   */
  static forRoot(
    config: PortalConfig,
    databaseUrl: string,
    log: LogOutput,
    additions: DynamicModule['imports'] = [],
    running: Running = {},
  ): DynamicModule {
    const sessions = SessionsModule.forRoot(
      config.issuer
        ? { kind: 'configured', ...config.issuer }
        : { kind: 'development', directory: config.dataDirectory },
    );
    const apiKeys = apiKeysModule(config, sessions);
    const notifications = NotificationsModule.forRootAsync({ imports: [apiKeys], useFactory: () => config.webhooks });
    const metrics = MetricsModule.forRoot([apiKeys, notifications], log);
    return {
      module: PortalModule,
      imports: [
        databaseModule(config, databaseUrl),
        AccessModule.forRoot(PORTAL_ACCESS),
        TenancyModule,
        sessions,
        apiKeys,
        KeyIntrospectionModule.forRoot(apiKeys),
        SecretScanningModule.forRoot({ apiKeys, ...config.secretScanning }),
        notifications,
        DevicesModule,
        AlertsModule,
        ConfigBackupsModule,
        FirmwareModule,
        ...(config.isProduction ? [] : [ExplorerModule]),
        ConsoleModule.forRoot(config),
        HealthModule,
        metrics,
        ...additions,
        graphqlModule(config, apiKeys, metrics, running),
      ],
      providers: [
        { provide: APP_GUARD, useExisting: ApiKeyGuard },
        { provide: APP_FILTER, useClass: HttpErrorFilter },
      ],
    };
  }
}

function databaseModule(config: PortalConfig, url: string): DynamicModule {
  return DatabaseModule.forRoot({
    url,
    directUrl: config.databaseDirectUrl,
    readUrl: config.databaseReadUrl,
    fence: config.databaseFence,
    ...SCHEMA,
    connections: config.databaseConnections,
  });
}

function apiKeysModule({ apiKeys, redisUrl }: PortalConfig, sessions: DynamicModule): DynamicModule {
  return ApiKeysGraphQLModule.forRootAsync({
    imports: [sessions],
    inject: [PortalSessionVerifier],
    useFactory: (verifier: PortalSessionVerifier) => ({ ...apiKeys, redisUrl, sessions: verifier }),
  });
}

function graphqlModule(
  config: PortalConfig,
  apiKeys: DynamicModule,
  metrics: DynamicModule,
  { tracing, stallMs }: Running,
): DynamicModule {
  return GraphQLModule.forRootAsync<ApolloDriverConfig>({
    driver: CompilingDriver,
    imports: [apiKeys, metrics, StreamsModule],
    inject: [GuardedGraphQL, AdmissionAtOnce, PortalMetrics, OpenStreams, CredentialWatch, Consistency],
    useFactory: (
      guarded: GuardedGraphQL,
      admission: AdmissionAtOnce,
      { requests }: PortalMetrics,
      open: OpenStreams,
      credentials: CredentialWatch,
      consistency: Consistency,
    ) =>
      graphqlOptions({
        isProduction: config.isProduction,
        compileAfter: config.compileAfter,
        streams: { open, credentials, hidesSchema: config.isProduction, stallMs },
        consistency: consistency.isOn ? consistency : undefined,
        guarded,
        plugins: [graphqlMetricsPlugin(requests), ...(tracing ? [tracing.plugin] : [])],
        // A trace shows the steps of the usual path.
        fastPath: tracing
          ? undefined
          : { admission, onAnswer: (name, reply) => requests.operated(name, true, reply.elapsedTime) },
      }),
  });
}
