import { join } from 'node:path';
import { DevelopmentIssuer } from '#sessions';
import type { TestDatabase } from '../test-database.js';
import type { LoadTenant } from './load.js';

const TENANTS = 2;
/** Longer than a long run. */
const SESSION_SECONDS = 24 * 3600;

/** Tenants with an admin each, whose sessions are good at every instance that runs in the folder. */
export async function makeTenants(database: Pick<TestDatabase, 'sql'>, cwd: string): Promise<LoadTenant[]> {
  const issuer = await DevelopmentIssuer.open(join(cwd, '.data'));
  const made = await database.sql<{ id: string; email: string }>(
    `with made as (insert into tenants (name) select 'Tenant ' || n from generate_series(1, $1) n returning id)
     insert into users (tenant_id, email, name, role) select id, id || '@example.test', 'Admin', 'TENANT_ADMIN' from made
     returning tenant_id as id, email`,
    [TENANTS],
  );
  return Promise.all(
    made.map(async ({ id, email }) => ({ id, session: await issuer.token(email, SESSION_SECONDS, new Date()) })),
  );
}
