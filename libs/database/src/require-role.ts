import { Client } from 'pg';
import { poolConfig } from './pool-settings.js';

/** Of a pooler that refuses start-up options instead of dropping them. */
const PROTOCOL_VIOLATION = '08P01';

/** Connections do not begin as the role that they ask for, so they would see no row: every good key would be refused. */
export class RoleNotTaken extends Error {
  override readonly name = 'RoleNotTaken';

  constructor() {
    super(
      'Start-up options do not reach the database: connections do not work as the role that they ask for. ' +
        'DATABASE_URL must lead to PostgreSQL without a transaction pooler between and without "options" of its own.',
    );
  }
}

/** Asks once, before anything is served. @throws {RoleNotTaken} */
export async function requireRole(url: string): Promise<void> {
  const role = 'portal_verifier';
  const client = new Client(poolConfig({ url, role, max: 1 }));
  try {
    await client.connect();
    const { rows } = await client.query<{ role: string }>('select current_user as role');
    if (rows[0]?.role !== role) throw new RoleNotTaken();
  } catch (error) {
    throw (error as { code?: unknown }).code === PROTOCOL_VIOLATION ? new RoleNotTaken() : error;
  } finally {
    await client.end();
  }
}
