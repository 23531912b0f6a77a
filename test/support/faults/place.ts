import type { GivenKey } from '../given.js';
import { TcpProxy } from '../tcp-proxy.js';
import { TestDatabase } from '../test-database.js';
import { TestPortal } from '../test-portal.js';

/** A portal that reaches its database through a proxy, and hears of changes past it. */
export interface Place {
  api: TestPortal;
  proxy: TcpProxy;
  key: GivenKey;
}

/** @param databaseConnections of its pool for requests */
export async function start(databaseConnections: number): Promise<Place> {
  const database = await TestDatabase.create();
  const proxy = await TcpProxy.before(database.url);
  const through = { pool: proxy.url };
  // Which keys still work while the database is away depends on what is remembered.
  const environment = { API_KEYS_CACHE_SIZE: '1000' };
  const api = await TestPortal.start({ database, through, environment, config: { databaseConnections } });
  return { api, proxy, key: await api.given.apiKey() };
}

export async function stop({ api, proxy }: Place): Promise<void> {
  await proxy.close();
  await api.stop();
  await api.database.drop();
}
