import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { RequiredScopesReader } from '#access/graphql';
import { namingOptions } from '#kernel';
import { readConfig } from '../portal.config.js';
import { createPortal } from '../portal.application.js';
import { standardLog } from '../http/logging.js';
import { prepareSchema, useDatabase } from './database.js';
import { type Output, printObject } from './output.js';

export interface LinkOptions extends Output {
  operation: string;
  operationName?: string;
  name?: string;
  expires?: string;
  note?: string;
  url: string;
}

/** Prints a link that fills the form of a new key with the scopes that the document needs. Nothing is created. */
export async function printLink({ json, url, ...asked }: LinkOptions, command: Command): Promise<void> {
  const { operation, operationName, name, expires, note } = asked;
  if (!URL.canParse(url)) command.error('error: --url must be a URL, such as https://portal.example');
  if (expires !== undefined && !/^(\d{1,4}d|\d{4}-\d\d-\d\d|never)$/.test(expires))
    command.error('error: --expires must be days such as 90d, a date such as 2030-01-31, or never');
  const document = await (operation === '-' ? text(process.stdin) : readFile(operation, 'utf8')).catch(() =>
    command.error(`error: --operation cannot be read: ${operation}`),
  );
  const { scopes, availableToApiKeys } = await namingOptions(() => scopesOf(document, operationName), {
    document: '--operation',
  });
  if (!availableToApiKeys) command.error('error: --operation has a field for sessions only: no API key can run it.');
  const given = Object.entries({ name, scopes: scopes.join(','), expires, note }).filter(([, value]) => value);
  const link = new URL('/console/keys/new', url);
  link.search = new URLSearchParams(given as [string, string][]).toString();
  if (json) printObject({ link: link.href, scopes }, { json });
  else console.log(link.href);
}

/** Reads the needs of a document with the schema and the declarations of the application, as `requiredScopes` does. */
async function scopesOf(document: string, operationName: string | undefined) {
  const config = readConfig(process.env);
  const database = await useDatabase(config);
  try {
    await prepareSchema(config, database);
    const app = await createPortal(config, database.url, { log: standardLog({ ...config, logLevel: 'fatal' }) });
    try {
      const { schema } = app.get(GraphQLSchemaHost, { strict: false });
      return app.get(RequiredScopesReader, { strict: false }).read({}, schema, document, operationName);
    } finally {
      await app.close();
    }
  } finally {
    await database.release();
  }
}
