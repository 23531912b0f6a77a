import { MikroORM, type Options } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, PostgreSqlDriver } from '@mikro-orm/postgresql';
import type { Client, ClientBase, Pool } from 'pg';
import type { Schema } from './compose-schema.js';
import { guardPool } from './pool-guard.js';
import { poolConfig } from './pool-settings.js';
import type { Role } from './roles.js';

export interface OrmSettings extends Schema {
  url: string;
  /** Undefined: the owner of the tables, for migrations only. */
  role: Role | undefined;
  max: number;
  /** Through a transaction pooler? Default: false. */
  isPooled?: boolean;
  /** What connections are made of. Default: `Client` of `pg`. */
  client?: typeof Client;
  /** Called for each connection before its first use; one for which it rejects is closed. */
  admit?: (client: ClientBase) => Promise<void>;
  /** Told of the pool as it is made. */
  onPool?: (pool: Pool) => void;
}

export function ormOptions(settings: OrmSettings): Partial<Options<PostgreSqlDriver>> {
  return defineConfig({
    // For the name of the database. The pool reads the URL itself: of what stands behind its `?` the ORM passes nothing on.
    clientUrl: settings.url,
    driverOptions: {
      ...poolConfig(settings),
      ...(settings.admit ? { onConnect: settings.admit } : {}),
      onPoolCreated: (pool: Pool) => {
        if (settings.role) guardPool(pool);
        settings.onPool?.(pool);
      },
    },
    pool: { min: 0, max: settings.max },
    entities: [...settings.entities],
    extensions: [Migrator],
    forceUtcTimezone: true,
    migrations: {
      migrationsList: [...settings.migrations],
      tableName: 'migrations',
      snapshot: false,
      silent: true,
    },
    schemaGenerator: { skipTables: ['migrations'] },
    discovery: {
      warnWhenNoEntities: false,
      // Each ORM works on a copy of the metadata: what is added here stays here.
      onMetadata: (meta) => void meta.triggers.push(...(settings.triggers?.[meta.tableName] ?? [])),
    },
    allowGlobalContext: false,
  });
}

export function openOrm(settings: OrmSettings): Promise<MikroORM<PostgreSqlDriver>> {
  return MikroORM.init(ormOptions(settings));
}
