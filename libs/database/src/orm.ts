import { type AnyEntity, type EntityName, MikroORM, type Options } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, PostgreSqlDriver } from '@mikro-orm/postgresql';
import type { Pool, PoolClient } from 'pg';
import { MIGRATIONS } from './migrations/index.js';
import { poolConfig } from './pool-settings.js';
import type { Role } from './roles.js';

export interface OrmSettings {
  url: string;
  /** Undefined: the owner of the tables, for migrations only. */
  role: Role | undefined;
  max: number;
  entities: readonly EntityName<AnyEntity>[];
}

/**
 * Hands a broken connection back to its pool. When a backend dies inside a transaction, the roll-back throws and
 * nobody releases the connection (kysely issue 1990): after `max` such deaths every query would wait for ever.
 */
function releaseBroken(pool: Pool): void {
  pool.on('connect', (client) => {
    client.on('error', (error) => {
      try {
        (client as PoolClient).release(error);
      } catch {
        // Released already: the pool has dropped it.
      }
    });
  });
}

export function ormOptions(settings: OrmSettings): Partial<Options<PostgreSqlDriver>> {
  const { connectionString, ...driverOptions } = poolConfig(settings);
  return defineConfig({
    clientUrl: connectionString,
    driverOptions: { ...driverOptions, onPoolCreated: releaseBroken },
    pool: { min: 0, max: settings.max },
    entities: [...settings.entities],
    extensions: [Migrator],
    forceUtcTimezone: true,
    migrations: { migrationsList: [...MIGRATIONS], tableName: 'migrations', snapshot: false, silent: true },
    schemaGenerator: { skipTables: ['migrations'] },
    discovery: { warnWhenNoEntities: false },
    allowGlobalContext: false,
  });
}

export function openOrm(settings: OrmSettings): Promise<MikroORM<PostgreSqlDriver>> {
  return MikroORM.init(ormOptions(settings));
}
