import { Client, type ClientConfig } from 'pg';

const CONNECT_MS = 10_000;

/** `work` on a connection of its own, which ends with it. @throws whatever the driver and `work` throw */
export async function withClient<Result>(
  config: ClientConfig,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({ connectionTimeoutMillis: CONNECT_MS, ...config });
  // A server that dies meanwhile fails the statement at hand; unheard, the same event would end this process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}
