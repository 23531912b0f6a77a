import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { printContract } from '../support/print-schema.js';
import { TestPortal } from '../support/test-portal.js';

const COMMITTED = resolve(import.meta.dirname, '../../schema.graphql');

/** `UPDATE_SCHEMA=1 npm test -- test/architecture/schema` writes the file anew. */
it('the committed schema.graphql equals the schema as it is built', async () => {
  const api = await TestPortal.start();
  const built = printContract(api.app.get(GraphQLSchemaHost, { strict: false }).schema);
  await api.stop();
  if (process.env['UPDATE_SCHEMA']) await writeFile(COMMITTED, built);
  expect(await readFile(COMMITTED, 'utf8')).toBe(built);
});
