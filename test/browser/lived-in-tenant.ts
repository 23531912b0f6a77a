import { DAY_MS } from '../support/durations.js';
import { CREATE_KEY } from '../support/given.js';
import { type ConsoleBench, PEOPLE } from './console.js';

/** Keys and people of it. */
export interface LivedIn {
  /** A key that is in use, with a scope that nobody needs. */
  used: string;
  /** A key with two secrets. */
  rotating: string;
  /** A key that is revoked, and still tried. */
  gone: string;
  owner: string;
  /** A key that a member asks for. */
  request: string;
}

export const UPDATE_KEY = 'mutation ($input: UpdateApiKeyInput!) { updateApiKey(input: $input) { apiKey { id } } }';

/** Makes the demonstration look like a tenant that has worked with keys for a while. */
export async function liveIn(bench: ConsoleBench): Promise<LivedIn> {
  const session = await bench.session(PEOPLE.admin);
  const ask = (query: string, variables: Record<string, unknown>) => bench.api.query(query, { session, variables });
  const { nodes } = (await ask('{ users { nodes { id kind email } } }', {})).at<{
    nodes: { id: string; kind: string; email: string }[];
  }>('users');
  const service = nodes.find(({ kind }) => kind === 'SERVICE')?.id ?? '';
  const make = async (input: Record<string, unknown>) =>
    (await ask(CREATE_KEY, { input })).at<string>('createApiKey.apiKey.id');
  const soon = new Date(Date.now() + 6 * DAY_MS).toISOString();
  const backup = ['devices:read', 'config:read', 'config:write'];
  const used = await make({
    name: 'Nightly configuration backup',
    description: 'Runs at 02:30 on the automation host.',
    scopes: backup,
    ownerId: service,
    allowedCidrs: ['10.20.0.0/16', '127.0.0.1/32'],
    rateLimit: { limit: 600, windowSeconds: 60 },
  });
  const monitoring = await make({ name: 'Monitoring', scopes: ['devices:read', 'alerts:read'] });
  await make({ name: 'CI pipeline', scopes: ['devices:read', 'firmware:write'], expiresAt: soon });
  const inventory = await make({
    name: 'Device inventory',
    scopes: ['devices:read', 'config:read'],
    ownerId: nodes.find(({ email }) => email === PEOPLE.operator)?.id,
  });
  const held = await make({ name: 'Contractor, until the audit is over', scopes: ['config:read'] });
  await ask('mutation ($id: ID!) { suspendApiKey(id: $id) { apiKey { id } } }', { id: held });
  const gone = await make({ name: 'Old exporter', scopes: ['devices:read'] });
  await ask('mutation ($ids: [ID!]) { revokeApiKeys(input: { ids: $ids, reason: SUPERSEDED }) { count } }', {
    ids: [gone],
  });
  await ask(UPDATE_KEY, {
    input: { id: used, description: 'Runs at 02:30 on the automation host, since October.' },
  });
  await bench.api.database.sql(
    `insert into api_key_usage_hours (api_key_id, tenant_id, hour, allowed, denied)
     select k.id, k.tenant_id, date_trunc('hour', now()) - n * interval '1 hour',
       40 + (30 * sin(n * 0.26 + length(k.name)))::int, case when n % 9 = 0 then 6 else 0 end
     from api_keys k, generate_series(0, 30 * 24) n where k.id = any($1)`,
    [[used, monitoring]],
  );
  await bench.api.database.sql(
    `update api_keys set last_used_at = now() - interval '4 minutes', last_used_ip = '10.20.0.17' where id = any($1)`,
    [[used, monitoring]],
  );
  await bench.api.database.sql(
    `insert into api_key_scope_use (api_key_id, scope, tenant_id, last_used_at)
     select k.id, scope, k.tenant_id, now() - interval '4 minutes'
     from api_keys k, unnest(array['devices:read', 'config:read']) scope where k.id = any($1)`,
    [[used, monitoring, inventory]],
  );
  await ask('mutation ($id: ID!) { rotateApiKey(input: { id: $id, overlapSeconds: 86400 }) { secret } }', {
    id: monitoring,
  });
  await bench.api.database.sql(`update api_keys set attempts_after_revocation = 12 where id = $1`, [gone]);
  return { used, rotating: monitoring, gone, owner: service, request: await askForKey(bench) };
}

/** A member asks for a key of its own. */
async function askForKey(bench: ConsoleBench): Promise<string> {
  const input = {
    name: 'Firmware report',
    scopes: ['devices:read', 'config:read', 'firmware:write'],
    expiresAt: new Date(Date.now() + 90 * DAY_MS).toISOString(),
    reason: 'Lists the devices with old firmware, each Monday, for the meeting of the operators.',
  };
  const session = await bench.session(PEOPLE.operator);
  return (await bench.api.query(CREATE_KEY, { session, variables: { input } })).at('createApiKey.apiKey.id');
}
