import { Pool } from 'pg';
import type { BenchDatabase } from '../support/bench-server.js';

const PAGE = `select id, hostname, ip_address, model, serial_number, firmware_version, status, last_seen_at
  from devices order by lower(hostname) collate "C", id limit 21`;

/** A page of devices by `pg` alone, tenant and role bound for one transaction: what isolation costs at least. */
export function barePage(
  { url }: BenchDatabase,
  tenantId: string,
): { read: () => Promise<void>; close: () => Promise<void> } {
  const pool = new Pool({ connectionString: url, max: 4 });
  const read = async () => {
    const client = await pool.connect();
    try {
      await client.query('begin read only');
      await client.query({
        name: 'bind',
        text: `select set_config('app.tenant_id', $1, true), set_config('role', 'portal_app', true)`,
        values: [tenantId],
      });
      const { rows } = await client.query({ name: 'page', text: PAGE });
      await client.query('commit');
      if (rows.length !== 21) throw new Error(`The page has ${rows.length} devices.`);
    } finally {
      client.release();
    }
  };
  return { read, close: () => pool.end() };
}
