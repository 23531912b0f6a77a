import { hash } from 'node:crypto';
import type { Pool } from 'pg';
import { askOnce, Connection, graphqlRequest } from '../support/http-load.js';
import { adminOf, storedKey } from '../support/stored-keys.js';
import { until } from '../support/until.js';
import type { InstanceSet } from './instances.js';

const WHO = '{ viewer { kind } }';
/** Answers from memory before the key is revoked: it is in use everywhere. */
const USES_BEFORE = 5;

/** What one instance made of one revoked key, in milliseconds after the commit; 0: nothing was accepted after it. */
export interface InstanceLag {
  /** When the last request that was accepted had begun. */
  begun: number;
  /** When it was answered. */
  answered: number;
  /** Of requests begun after the reply to the revocation. */
  acceptedAfterReply: number;
}

export interface Revocation {
  /** From the request that revoked to its reply. */
  replyMs: number;
  /** The instance that revoked first. */
  instances: InstanceLag[];
}

/** Wall-clock milliseconds with a fraction: instants of the server are compared with ours. */
const now = () => performance.timeOrigin + performance.now();

/** Uses a key on every instance without a pause, revokes it on the first, and waits until each of them refuses it. */
export async function revokeUnderLoad(
  number: number,
  instances: InstanceSet,
  administrator: Pool,
): Promise<Revocation> {
  const key = storedKey(number);
  const watches = await Promise.all(instances.urls.map((url) => Watch.begin(url, key)));
  await until(
    'the key is in use on every instance',
    () => watches.every(({ accepted }) => accepted.length >= USES_BEFORE),
    30_000,
  );
  const { rows } = await administrator.query<{ id: string }>('select id from api_keys where key_hash = $1', [
    hash('sha256', key, 'hex'),
  ]);
  const id = rows[0]?.id ?? '';
  const askedAt = now();
  await revoke(instances, adminOf(number), id);
  const repliedAt = now();
  // Whatever else writes to the row later has a later commit: the reply is the latest that the revocation's can be.
  const committedAt = Math.min(await commitOf(administrator, id), repliedAt);
  await Promise.all(watches.map(({ refused }) => refused));
  return {
    replyMs: repliedAt - askedAt,
    instances: watches.map(({ accepted }) => ({
      begun: Math.max(0, ...accepted.map(({ begunAt }) => begunAt - committedAt)),
      answered: Math.max(0, ...accepted.map(({ answeredAt }) => answeredAt - committedAt)),
      acceptedAfterReply: accepted.filter(({ begunAt }) => begunAt > repliedAt).length,
    })),
  };
}

async function revoke(instances: InstanceSet, email: string, id: string): Promise<void> {
  const session = await instances.session(email);
  const query = `mutation { revokeApiKeys(input: { ids: ["${id}"], reason: UNUSED }) { count } }`;
  const { status, body } = await askOnce(graphqlRequest(instances.urls[0] ?? '', query, session));
  if (status !== 200 || body.includes('"errors"')) throw new Error(`The revocation failed: ${status} ${body}`);
}

async function commitOf(administrator: Pool, id: string): Promise<number> {
  const { rows } = await administrator.query<{ ms: number }>(
    'select (extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000)::float8 as ms from api_keys where id = $1',
    [id],
  );
  return rows[0]?.ms ?? NaN;
}

/** Asks one instance with one key, one request after another, until the key is refused. */
class Watch {
  readonly accepted: { begunAt: number; answeredAt: number }[] = [];

  private constructor(
    private readonly connection: Connection,
    private readonly bytes: Buffer,
  ) {}

  static async begin(url: string, key: string): Promise<Watch & { refused: Promise<void> }> {
    const watch = new Watch(await Connection.open(url), graphqlRequest(url, WHO, key).bytes);
    return Object.assign(watch, { refused: watch.run() });
  }

  private async run(): Promise<void> {
    for (;;) {
      const begunAt = now();
      const { status, body } = await this.connection.ask(this.bytes);
      if (status === 401) break;
      if (status !== 200) throw new Error(`A good key was answered by ${status} ${body}`);
      this.accepted.push({ begunAt, answeredAt: now() });
    }
    this.connection.close();
  }
}
