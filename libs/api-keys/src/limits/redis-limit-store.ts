import type { Result } from 'ioredis';
import type { LimitStore, Tally } from './limit-store.js';
import type { RedisAddress } from './redis-address.rules.js';
import { connect, redisClient } from './redis-client.js';

/** `ARGV[1]`: the window in milliseconds. A Redis key with a longer life comes from a server whose clock was set back. */
const TALLY = `
local left = redis.call('pttl', KEYS[1])
local window = tonumber(ARGV[1])
if left < 0 or left > window then
  redis.call('pexpire', KEYS[1], window)
  left = window
end
return {count, left}`;
const COUNT = `local count = redis.call('incr', KEYS[1])${TALLY}`;
/** `ARGV[2]`: the member; `ARGV[3]`: maximum number of members held. */
const COUNT_DISTINCT = `
local count = redis.call('scard', KEYS[1])
if count < tonumber(ARGV[3]) then
  count = count + redis.call('sadd', KEYS[1], ARGV[2])
end${TALLY}`;

type Answer = [count: number, resetMs: number];

declare module 'ioredis' {
  interface RedisCommander<Context> {
    latchkeyCount(key: string, windowMs: number): Result<Answer, Context>;
    latchkeyCountDistinct(key: string, windowMs: number, member: string, most: number): Result<Answer, Context>;
  }
}

/**
 * Counts shared by all instances. While Redis is unavailable each count fails at once; the client reconnects by itself. Each
 * command names one key, so that any node of a cluster can have it.
 */
export class RedisLimitStore implements LimitStore {
  private readonly client: ReturnType<typeof redisClient>;
  private prefix: string | undefined;

  /** @param deployment a name shared by all instances of the deployment and by no other: several deployments may use one Redis */
  constructor(
    address: RedisAddress,
    private readonly deployment: () => Promise<string>,
  ) {
    this.client = redisClient(address);
    this.client.defineCommand('latchkeyCount', { numberOfKeys: 1, lua: COUNT });
    this.client.defineCommand('latchkeyCountDistinct', { numberOfKeys: 1, lua: COUNT_DISTINCT });
  }

  async count(key: string, windowSeconds: number): Promise<Tally> {
    return tallyOf(await this.client.latchkeyCount(await this.nameOf(key), windowSeconds * 1000));
  }

  async countDistinct(key: string, windowSeconds: number, member: string, most: number): Promise<Tally> {
    const name = `${await this.nameOf(key)}:distinct`;
    return tallyOf(await this.client.latchkeyCountDistinct(name, windowSeconds * 1000, member, most));
  }

  async peek(key: string): Promise<Tally | undefined> {
    const name = await this.nameOf(key);
    const [count, resetMs] = await Promise.all([this.client.get(name), this.client.pttl(name)]);
    return count !== null && resetMs >= 0 ? { count: Number(count), resetMs } : undefined;
  }

  /** Waits for the first connection, or for its failure. */
  async open(): Promise<void> {
    await Promise.all([connect(this.client), this.nameOf('')]);
  }

  async close(): Promise<void> {
    this.client.disconnect();
  }

  private async nameOf(key: string): Promise<string> {
    this.prefix ??= `latchkey:${await this.deployment()}:limit:`;
    return this.prefix + key;
  }
}

const tallyOf = ([count, resetMs]: Answer): Tally => ({ count, resetMs });
