import { createHash } from 'node:crypto';
import type { VerifierDatabase } from '#database';

const DATABASE = `
  select (select system_identifier from pg_control_system()) || '/' || oid as identity
  from pg_database where datname = current_database()`;

/**
 * A short name of this deployment, made from its database. All instances of the deployment get the same name, by whatever URL
 * they reach the database, and no other deployment has it. A copy restored into another cluster is another deployment.
 * @throws {ServiceUnavailable}
 */
export async function deploymentName(database: Pick<VerifierDatabase, 'select'>): Promise<string> {
  const [row] = await database.select<{ identity: string }>('deployment', DATABASE, []);
  return createHash('sha256')
    .update(row?.identity ?? '')
    .digest('base64url')
    .slice(0, 12);
}
