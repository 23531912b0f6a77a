import type { Client, ClientConfig } from 'pg';
import { ContainedClient } from './contained-client.js';

const CONNECT_MS = 10_000;

/** Runs `work` on a connection of its own, which is closed afterwards. @throws any error of the driver and of `work` */
export async function withClient<Result>(
  config: ClientConfig,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new ContainedClient({ connectionTimeoutMillis: CONNECT_MS, ...config });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}
