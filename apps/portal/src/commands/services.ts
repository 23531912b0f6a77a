import { NestFactory } from '@nestjs/core';
import type { LoggerService, Type } from '@nestjs/common';
import { requireRoles } from '#database';
import { AdministrationModule } from '../administration.module.js';
import { readConfig } from '../portal.config.js';
import { redactText } from '../redaction.js';
import { prepareSchema, useDatabase } from './database.js';

/** Nest also throws the errors that it logs, and the command prints them once at its end. */
const printUnlessError = (message: unknown) => {
  if (!(message instanceof Error)) console.error(redactText(String(message)));
};
/** All other log lines are dropped: standard output holds only the command's answer. */
const ASIDE: LoggerService = {
  log: () => undefined,
  warn: printUnlessError,
  error: printUnlessError,
  fatal: printUnlessError,
};

/** Runs `work` with a service of the rooms. */
export async function withService<Service, Result>(
  type: Type<Service>,
  work: (service: Service) => Promise<Result>,
): Promise<Result> {
  const config = readConfig(process.env);
  const database = await useDatabase(config);
  try {
    await prepareSchema(config, database);
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
