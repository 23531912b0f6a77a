import { NestFactory } from '@nestjs/core';
import type { Type } from '@nestjs/common';
import { migrate } from '#database';
import { ENTITIES } from '../../../../mikro-orm.config.js';
import { AdministrationModule } from '../administration.module.js';
import { readConfig } from '../portal.config.js';
import { requireSchema, useDatabase } from './database.js';

/**
 * Runs `work` with a service of the rooms. Nobody plans the migration of a development folder, so its database is
 * migrated first; a configured one must have been.
 */
export async function withService<Service, Result>(
  type: Type<Service>,
  work: (service: Service) => Promise<Result>,
): Promise<Result> {
  const config = readConfig(process.env);
  const database = await useDatabase(config);
  try {
    if (config.databaseUrl) await requireSchema(database.directUrl);
    else await migrate({ url: database.directUrl, entities: ENTITIES });
    const app = await NestFactory.createApplicationContext(AdministrationModule.forRoot(config, database.url), {
      logger: ['fatal', 'error', 'warn'],
      abortOnError: false,
    });
    try {
      return await work(app.get(type, { strict: false }));
    } finally {
      await app.close();
    }
  } finally {
    await database.release();
  }
}
