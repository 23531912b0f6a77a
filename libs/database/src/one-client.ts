import { Client, type ClientConfig } from 'pg';

const CONNECT_MS = 10_000;

/** Runs `work` on a connection of its own, which is closed afterwards. @throws any error of the driver and of `work` */
export async function withClient<Result>(
  config: ClientConfig,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({ connectionTimeoutMillis: CONNECT_MS, ...config });
  // A server that dies meanwhile fails the present statement. Without a listener, the same event would end this process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}
