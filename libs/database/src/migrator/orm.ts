import { MikroORM, type Options } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, PostgreSqlDriver } from '@mikro-orm/postgresql';
import type { Client, ClientBase, Pool } from 'pg';
import type { Schema } from '../tables/compose-schema.js';
import type { ConnectionAttempts } from '../connections/connection-attempts.js';
import { checkOf, guardPool } from '../connections/pool-guard.js';
import { poolConfig } from '../connections/pool-settings.js';
import type { Role } from '../connections/roles.js';

export interface OrmSettings extends Schema {
  url: string;
  /** Undefined: the owner of the tables, for migrations only. */
  role: Role | undefined;
  max: number;
  /** True through a transaction pooler. Default: false. */
  isPooled?: boolean;
  /** The class of the connections. Default: `Client` of `pg`. */
  client?: typeof Client;
  /** Shared by the pools that connect to the same server. */
  attempts?: ConnectionAttempts;
  /** Called for each connection before its first use. A connection for which the call rejects is closed. */
  checkConnection?: (client: ClientBase) => Promise<void>;
  /** Called with the pool when the pool is made. */
  onPool?: (pool: Pool) => void;
}

export function ormOptions(settings: OrmSettings): Partial<Options<PostgreSqlDriver>> {
  return defineConfig({
    // The ORM needs the URL for the database's name. The pool reads the URL itself, since the ORM drops the parameters behind
    // `?`.
    clientUrl: settings.url,
    driverOptions: {
      ...poolConfig(settings),
      ...(settings.checkConnection ? { onConnect: checkOf(settings.checkConnection) } : {}),
      onPoolCreated: (pool: Pool) => {
        // The owner only migrates, and building an index may take hours.
        guardPool(pool, settings.role ? undefined : 0);
        settings.onPool?.(pool);
      },
    },
    pool: { min: 0, max: settings.max },
    entities: [...settings.entities],
    extensions: [Migrator],
    forceUtcTimezone: true,
    migrations: {
      migrationsList: [...settings.migrations],
      tableName: settings.schema === undefined ? 'migrations' : `${settings.schema}.migrations`,
      snapshot: false,
      silent: true,
    },
    schemaGenerator: { skipTables: ['migrations'] },
    discovery: {
      warnWhenNoEntities: false,
      // Each ORM works on a copy of the metadata, so this addition stays local.
      onMetadata: (meta) => void meta.triggers.push(...(settings.triggers?.[meta.tableName] ?? [])),
    },
    allowGlobalContext: false,
  });
}

export function openOrm(settings: OrmSettings): Promise<MikroORM<PostgreSqlDriver>> {
  return MikroORM.init(ormOptions(settings));
}
