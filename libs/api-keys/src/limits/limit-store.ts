import { Redis } from 'ioredis';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';

/** How often something happened within a window that began with its first time. */
export interface Tally {
  count: number;
  /** Until the window is over and the count begins anew. */
  resetMs: number;
}

/** Where counts live. One that is away throws, and soon. */
export interface LimitStore {
  /** Counts one more and tells all so far, in one atomic step. */
  count(key: string, windowSeconds: number): Promise<Tally>;
  open(): Promise<void>;
  close(): Promise<void>;
}

/** The library's limit and window of each limiter. Here every key brings its own, so these are never reached. */
const UNUSED = { points: Number.MAX_SAFE_INTEGER, duration: 1 };
const CONNECT_TIMEOUT_MS = 2_000;
/** Longer than this a request does not wait for a limit that is only there to protect. */
const COMMAND_TIMEOUT_MS = 250;
const RECONNECT_MS = { step: 100, max: 2_000 };

/** Counts of this process alone. */
export class MemoryLimitStore implements LimitStore {
  private readonly limiter = new RateLimiterMemory(UNUSED);

  count(key: string, windowSeconds: number): Promise<Tally> {
    return countBy(this.limiter, key, windowSeconds);
  }

  async open(): Promise<void> {}

  async close(): Promise<void> {}
}

/** Counts shared by all instances. While Redis is away each count fails at once; the connection comes back by itself. */
export class RedisLimitStore implements LimitStore {
  private readonly client: Redis;
  private readonly limiter: RateLimiterRedis;

  /** @param url `redis://` or `rediss://` */
  constructor(url: string) {
    this.client = new Redis(url, {
      lazyConnect: true,
      connectTimeout: CONNECT_TIMEOUT_MS,
      commandTimeout: COMMAND_TIMEOUT_MS,
      enableOfflineQueue: false,
      // A count that was sent already must not be sent again: it could count twice.
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (attempt) => Math.min(attempt * RECONNECT_MS.step, RECONNECT_MS.max),
    });
    // Without a listener each failed attempt to connect is printed; the count that fails tells of it.
    this.client.on('error', () => undefined);
    this.limiter = new RateLimiterRedis({ ...UNUSED, storeClient: this.client, keyPrefix: 'latchkey:limit' });
  }

  count(key: string, windowSeconds: number): Promise<Tally> {
    return countBy(this.limiter, key, windowSeconds);
  }

  /** Waits for the first connection, or for its failure. */
  async open(): Promise<void> {
    await this.client.connect();
  }

  async close(): Promise<void> {
    this.client.disconnect();
  }
}

async function countBy(limiter: RateLimiterAbstract, key: string, windowSeconds: number): Promise<Tally> {
  const { consumedPoints, msBeforeNext } = await limiter.consume(key, 1, { customDuration: windowSeconds });
  return { count: consumedPoints, resetMs: msBeforeNext };
}
