import { escapeLiteral, type Pool, type PoolClient } from 'pg';

/** The message that begins a transaction for reads, with settings that hold until its end. Made once, not each time. */
export function beginReading(settings: Readonly<Record<string, string>>): string {
  const set = Object.entries(settings).map(([name, value]) => `set_config('${name}', ${escapeLiteral(value)}, true)`);
  return `begin read only; select ${set.join(', ')}`;
}

/**
 * One transaction that only reads, on a connection of `pool`.
 * @param begin of `beginReading`, where more may be set at the end
 * @throws whatever the driver throws; the transaction is over, and no connection is lost
 */
export async function readingTransaction<Result>(
  pool: Pool,
  begin: string,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let isUsable = false;
  try {
    await client.query(begin);
    try {
      const result = await work(client);
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
