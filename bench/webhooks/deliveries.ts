import { setTimeout as wait } from 'node:timers/promises';
import type { Pool } from 'pg';

export const ENDPOINTS = 50;
const TENANTS = 10;

/** Makes endpoints of some tenants, which all lead to `url`. */
export async function makeEndpoints(administrator: Pool, url: string): Promise<void> {
  await administrator.query(
    `with chosen as (select id, row_number() over (order by id) as place from tenants limit ${TENANTS}),
     made as (
       insert into webhook_endpoints (tenant_id, url)
       select chosen.id, $1 from generate_series(0, ${ENDPOINTS - 1}) as n join chosen on chosen.place = n % ${TENANTS} + 1
       returning id, tenant_id)
     insert into webhook_secrets (tenant_id, endpoint_id, secret)
     select tenant_id, id, 'whsec_' || encode(sha256(id::text::bytea), 'base64') from made`,
    [url],
  );
}

/** Stores deliveries of different keys, evenly over the endpoints, and waits until all are delivered. @returns how many a second */
export async function deliver(administrator: Pool, count: number): Promise<number> {
  const startedAt = performance.now();
  await administrator.query(
    `insert into webhook_deliveries (tenant_id, endpoint_id, kind, api_key_id, payload)
     select tenant_id, id, 'API_KEY_UPDATED', gen_random_uuid(),
            jsonb_build_object('type', 'api_key.updated', 'timestamp', now(), 'data', jsonb_build_object('tenantId', tenant_id))
     from (select *, row_number() over () as place from webhook_endpoints) as endpoint, generate_series(1, $1) as n
     where n % ${ENDPOINTS} = place - 1`,
    [count],
  );
  for (;;) {
    const { rows } = await administrator.query(`select from webhook_deliveries where status <> 'DELIVERED' limit 1`);
    if (rows.length === 0) return (count / (performance.now() - startedAt)) * 1_000;
    await wait(50);
  }
}
