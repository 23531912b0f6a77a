import { NestFactory } from '@nestjs/core';
import type { LoggerService, Type } from '@nestjs/common';
import { migrate, requireRoles } from '#database';
import { SCHEMA } from '../../../../mikro-orm.config.js';
import { AdministrationModule } from '../administration.module.js';
import { readConfig } from '../portal.config.js';
import { redactText } from '../redaction.js';
import { requireSchema, useDatabase } from './database.js';

/** Errors are what Nest throws, too: those are told once, where the command ends. */
const tell = (message: unknown) => {
  if (!(message instanceof Error)) console.error(redactText(String(message)));
};
/** What else there is to say: standard output is the command's answer alone. */
const ASIDE: LoggerService = { log: () => undefined, warn: tell, error: tell, fatal: tell };

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
    else await migrate({ url: database.directUrl, ...SCHEMA });
    await requireRoles(database.url);
    const app = await NestFactory.createApplicationContext(AdministrationModule.forRoot(config, database.url), {
      logger: ASIDE,
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
