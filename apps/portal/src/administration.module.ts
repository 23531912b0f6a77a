import { type DynamicModule, Module } from '@nestjs/common';
import { AccessModule } from '#access';
import { ApiKeysGraphQLModule } from '#api-keys/graphql';
import { DatabaseModule } from '#database';
import { NotificationsModule } from '#notifications';
import { TenancyModule } from '#tenancy';
import { SCHEMA } from '../../../mikro-orm.config.js';
import { PORTAL_ACCESS } from './portal.access.js';
import type { PortalConfig } from './portal.config.js';

/** The module of the command line: the services of the rooms, without HTTP, a GraphQL schema and sessions. */
@Module({})
export class AdministrationModule {
  static forRoot(config: PortalConfig, databaseUrl: string): DynamicModule {
    const apiKeys = ApiKeysGraphQLModule.forRoot(config.apiKeys);
    const { acceptHttp, allowedNetworks } = config.webhooks;
    return {
      module: AdministrationModule,
      imports: [
        DatabaseModule.forRoot({
          url: databaseUrl,
          directUrl: config.databaseDirectUrl,
          // A command remembers nothing, and its commits wait for the standby anyway.
          fence: 'off',
          ...SCHEMA,
        }),
        AccessModule.forRoot(PORTAL_ACCESS),
        TenancyModule,
        apiKeys,
        // A command sends nothing: the instances that run do.
        NotificationsModule.forRootAsync({ imports: [apiKeys], useFactory: () => ({ acceptHttp, allowedNetworks }) }),
      ],
    };
  }
}
