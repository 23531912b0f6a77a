import { randomUUID } from 'node:crypto';
import { OperatorError } from '#kernel';
import { withClient } from './one-client.js';

/** Error codes of a pooler that refuses start-up options instead of dropping them. */
const PROTOCOL_VIOLATION = '08P01';
/** Only a start waits this long. */
const ANSWER_MS = 10_000;

/** LISTEN, the lock of migrations and their limits need a session, which a transaction pooler does not keep. */
class ConnectionNotDirect extends OperatorError {
  constructor() {
    super(
      'Start-up options do not reach the database, as through a transaction pooler. Where DATABASE_URL leads through one, ' +
        'DATABASE_DIRECT_URL must lead to the same database without it, and without "options" of its own.',
    );
  }
}

/** The driver would take the parts that are missing from the environment, and reach some other server or none. */
class NoDatabaseUrl extends OperatorError {
  constructor(option: keyof Ways) {
    super(`DatabaseModule: ${option} has to be a postgresql:// URL of the database.`);
  }
}

export interface Ways {
  url: string;
  /** Default: `url`. */
  directUrl?: string;
}

/**
 * True if a transaction pooler is in between, so that sessions keep nothing between transactions. Checked once, before anything
 * is served.
 * @throws {NoDatabaseUrl}
 * @throws {ConnectionNotDirect} when the direct URL also leads through a pooler
 */
export async function isPooled({ url, directUrl = url }: Ways): Promise<boolean> {
  for (const [option, given] of Object.entries({ url, directUrl }) as [keyof Ways, string][])
    if (!/^postgres(ql)?:\/\//.test(given)) throw new NoDatabaseUrl(option);
  if (await passesOptions(url)) return false;
  if (directUrl === url) throw new ConnectionNotDirect();
  await requireDirect(directUrl);
  return true;
}

/** @throws {ConnectionNotDirect} */
export async function requireDirect(url: string): Promise<void> {
  if (!(await passesOptions(url))) throw new ConnectionNotDirect();
}

/**
 * True if sessions at this URL keep what they are started with: no transaction pooler is in between.
 *
 * A mark that no other session sets, so that a mark left at a pooler's connection by an earlier session is not mistaken for ours.
 */
export async function passesOptions(url: string): Promise<boolean> {
  const mark = randomUUID();
  const config = {
    connectionString: url,
    application_name: 'latchkey probe',
    query_timeout: ANSWER_MS,
    options: `-c latchkey.mark=${mark}`,
  };
  try {
    return await withClient(config, async (client) => {
      const { rows } = await client.query<{ mark: string | null }>(
        `select current_setting('latchkey.mark', true) as mark`,
      );
      return rows[0]?.mark === mark;
    });
  } catch (error) {
    if ((error as { code?: unknown }).code === PROTOCOL_VIOLATION) return false;
    throw error;
  }
}
