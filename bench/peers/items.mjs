import { Pool } from 'pg';

/** The fields of the objects from memory, and of the devices, with the names of their GraphQL types. */
export const ITEM = {
  id: 'ID',
  name: 'String',
  address: 'String',
  model: 'String',
  serial: 'String',
  version: 'String',
  status: 'String',
  position: 'Int',
};
export const DEVICE = {
  id: 'ID',
  hostname: 'String',
  ipAddress: 'String',
  model: 'String',
  serialNumber: 'String',
  firmwareVersion: 'String',
  status: 'String',
  lastSeenAt: 'String',
};

export const ITEMS = Array.from({ length: 20 }, (_, position) => ({
  id: `item-${position}`,
  name: `switch ${position}`,
  address: `10.0.0.${position}`,
  model: 'RB5009',
  serial: `HE${position}`,
  version: '7.20.4',
  status: 'ONLINE',
  position,
}));

const PAGE = `select id, hostname, ip_address as "ipAddress", model, serial_number as "serialNumber",
    firmware_version as "firmwareVersion", status, last_seen_at as "lastSeenAt"
  from devices where tenant_id = $1 order by lower(hostname) collate "C", id limit 20`;

/** Reads the page of devices as documented for `pg`: one prepared SELECT with the tenant in its WHERE, no transaction. */
export function devicesOf(connectionString, tenantId) {
  const pool = new Pool({ connectionString, max: 4 });
  return async () => {
    const { rows } = await pool.query({ name: 'page', text: PAGE, values: [tenantId] });
    return rows.map((row) => ({ ...row, lastSeenAt: row.lastSeenAt?.toISOString() ?? null }));
  };
}

/** Sends the address to the parent, and the CPU time that this process has used whenever the parent asks. */
export function serveToParent(url) {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send({ cpuMicros: user + system, rssBytes: process.memoryUsage.rss() });
  });
  process.on('disconnect', () => process.exit(0));
  process.send({ url });
}
