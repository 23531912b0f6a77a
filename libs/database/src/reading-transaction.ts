import { escapeLiteral, type Pool, type PoolClient, type QueryResult } from 'pg';

/**
 * The message that begins a transaction for reads, with settings that hold until its end. Made once, not each time.
 * @param columns what `work` learns of the connection, after the settings
 */
export function beginReading(settings: Readonly<Record<string, string>>, ...columns: string[]): string {
  const set = Object.entries(settings).map(([name, value]) => `set_config('${name}', ${escapeLiteral(value)}, true)`);
  return `begin read only; select ${[...set, ...columns].join(', ')}`;
}

/**
 * One transaction that only reads, on a connection of `pool`.
 * @param begin of `beginReading`, where more may be set at the end
 * @throws whatever the driver throws; the transaction is over, and no connection is lost
 */
export async function readingTransaction<Result>(
  pool: Pool,
  begin: string,
  work: (client: PoolClient, begun: unknown) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let isUsable = false;
  try {
    // Two statements in one message have two results, which the types do not know.
    const [, begun] = (await client.query(begin)) as unknown as QueryResult[];
    try {
      const result = await work(client, begun?.rows[0]);
      await client.query('commit');
      isUsable = true;
      return result;
    } catch (error) {
      await client.query('rollback').then(
        () => (isUsable = true),
        () => undefined,
      );
      throw error;
    }
  } finally {
    client.release(!isUsable);
  }
}
