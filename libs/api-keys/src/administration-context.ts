import { NestFactory } from '@nestjs/core';
import { AccessModule, type ScopeCatalogueOptions } from '#access';
import { DatabaseModule, type DatabaseOptions, requireRoles } from '#database';
import { TenancyAdministration } from '#tenancy';
import { KeyAdministration } from './administration/key-administration.js';
import { ApiKeysModule } from './api-keys.module.js';
import type { ApiKeysOptions } from './api-keys.options.js';

/** What an application passes to its modules. */
export interface AdministeredApplication {
  database: DatabaseOptions;
  access: ScopeCatalogueOptions;
  apiKeys: ApiKeysOptions;
}

export interface Administration {
  keys: KeyAdministration;
  tenancy: TenancyAdministration;
}

/** The modules come from `AdministeredApplication`. */
class AdministrationModule {}

/**
 * Runs `work` with the administration of an application's keys and users, without the application itself.
 * @throws {RolesMissing}
 * @throws any error of `work`
 */
export async function withAdministration<Result>(
  { database, access, apiKeys }: AdministeredApplication,
  work: (administration: Administration) => Promise<Result>,
): Promise<Result> {
  await requireRoles(database.url);
  const imports = [
    // Nothing is remembered, and where commits wait for a standby a server that no longer leads can commit no change.
    DatabaseModule.forRoot({ ...database, fence: 'off' }),
    AccessModule.forRoot(access),
    // No request is counted. A key has to be revocable while Redis is away.
    ApiKeysModule.forRoot({ ...apiKeys, redisUrl: undefined }),
  ];
  const module = { module: AdministrationModule, imports };
  // Nest throws the errors that it would log.
  const context = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
  try {
    const keys = context.get(KeyAdministration, { strict: false });
    return await work({ keys, tenancy: context.get(TenancyAdministration, { strict: false }) });
  } finally {
    await context.close();
  }
}
