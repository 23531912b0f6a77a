import { readConfig } from '../portal.config.js';
import { applyMigrations, useDatabase } from './database.js';
import type { Output } from './output.js';

export async function migrateDatabase({ json }: Output): Promise<void> {
  const database = await useDatabase(readConfig(process.env));
  try {
    const applied = await applyMigrations(database);
    if (json) console.log(JSON.stringify({ applied }));
    else console.log(applied.length === 0 ? 'Nothing to apply.' : `Applied:\n  ${applied.join('\n  ')}`);
  } finally {
    await database.release();
  }
}
