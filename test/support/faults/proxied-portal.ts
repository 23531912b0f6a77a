import { TcpProxy } from '../tcp-proxy.js';
import { TestDatabase } from '../test-database.js';
import { type PortalOptions, TestPortal } from '../test-portal.js';

/** A portal on a database of its own, with a proxy before it. */
export interface ProxiedPortal {
  api: TestPortal;
  /** The proxy before the connections of requests. */
  pool: TcpProxy;
  /** The proxy before the connection that receives announcements of changes. */
  listen: TcpProxy;
}

export async function startProxied(options: PortalOptions = {}): Promise<ProxiedPortal> {
  const database = await TestDatabase.create();
  const pool = await TcpProxy.before(database.url);
  const listen = await TcpProxy.before(database.url);
  const through = { pool: pool.url, listen: listen.url };
  return { api: await TestPortal.start({ ...options, database, through }), pool, listen };
}

/** The proxies first: nothing that they hold is waited for. */
export async function stopProxied({ api, pool, listen }: ProxiedPortal): Promise<void> {
  await Promise.all([pool.close(), listen.close()]);
  await api.stop();
  await api.database.drop();
}
