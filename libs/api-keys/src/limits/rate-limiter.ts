import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { ApiKeyPrincipal } from '#access';
import { RateLimited } from '#kernel';
import type { RateLimit } from './key-limits.rules.js';
import type { LimitStore } from './limit-store.js';

export const LIMIT_STORE = Symbol('LIMIT_STORE');
/** While the store is unavailable, every limited request fails to be counted. One log line now and then is enough. */
const LOG_INTERVAL_MS = 10_000;

/** The outcome of counting one unit. */
export interface LimitVerdict extends RateLimit {
  isAdmitted: boolean;
  remaining: number;
  resetMs: number;
}

/**
 * Holds requests to a rate. Limits protect but do not identify. So while the store is unavailable every request is let through,
 * with a log line, and counted in `counters.uncounted`.
 */
@Injectable()
export class RateLimiter implements OnModuleInit, OnModuleDestroy {
  /** Counted since the start. `uncounted` requests were let through because the store was unavailable. */
  readonly counters = { admitted: 0, refused: 0, uncounted: 0 };
  private readonly logger = new Logger('RateLimiter');
  private loggedAt = Number.NEGATIVE_INFINITY;
  /** An end is logged only for an outage that was logged. */
  private isOutageLogged = false;

  constructor(@Inject(LIMIT_STORE) private readonly store: LimitStore) {}

  async onModuleInit(): Promise<void> {
    await this.store.open().catch((error: unknown) => this.logOutage(error));
  }

  async onModuleDestroy(): Promise<void> {
    await this.store.close();
  }

  /**
   * Counts one unit. The count is exact for any number of concurrent units, over all instances that share the store. A window
   * begins with its first unit. Units beyond the limit change nothing: their count ends with the window.
   * @param key names what is limited; another rate for the same thing begins a window of its own
   * @param member counts once in a window; omitted: every unit counts
   * @returns undefined when the store is unavailable: the caller lets the unit through
   */
  async consume(key: string, { limit, windowSeconds }: RateLimit, member?: string): Promise<LimitVerdict | undefined> {
    const name = `${key}:${limit}:${windowSeconds}`;
    try {
      const { count, resetMs } = await (member === undefined
        ? this.store.count(name, windowSeconds)
        : this.store.countDistinct(name, windowSeconds, member, limit + 1));
      if (this.isOutageLogged) this.logRecovery();
      const isAdmitted = count <= limit;
      this.counters[isAdmitted ? 'admitted' : 'refused']++;
      return { limit, windowSeconds, isAdmitted, remaining: Math.max(limit - count, 0), resetMs: Math.max(resetMs, 0) };
    } catch (error) {
      this.counters.uncounted++;
      this.logOutage(error);
      return undefined;
    }
  }

  /** Counts a request of a key; undefined, too, when the key has no rate. */
  async consumeOf({ apiKeyId, rateLimit }: ApiKeyPrincipal): Promise<LimitVerdict | undefined> {
    return rateLimit ? this.consume(`key:${apiKeyId}`, rateLimit) : undefined;
  }

  /** The state of a key's rate, without counting a unit; undefined when the key has no rate or the store is unavailable. */
  async stateOf({ apiKeyId, rateLimit }: ApiKeyPrincipal): Promise<LimitVerdict | undefined> {
    if (!rateLimit) return undefined;
    const { limit, windowSeconds } = rateLimit;
    try {
      const tally = await this.store.peek(`key:${apiKeyId}:${limit}:${windowSeconds}`);
      const { count, resetMs } = tally ?? { count: 0, resetMs: windowSeconds * 1000 };
      return { limit, windowSeconds, isAdmitted: count < limit, remaining: Math.max(limit - count, 0), resetMs };
    } catch (error) {
      this.logOutage(error);
      return undefined;
    }
  }

  private logRecovery(): void {
    this.isOutageLogged = false;
    this.logger.log('The store of rate limits answers again: requests are limited again.');
  }

  private logOutage(error: unknown): void {
    if (performance.now() - this.loggedAt < LOG_INTERVAL_MS) return;
    this.isOutageLogged = true;
    this.loggedAt = performance.now();
    const cause = error instanceof Error ? error.message : String(error);
    this.logger.warn(
      `The store of rate limits is away, so requests are not limited (${this.counters.uncounted} so far): ${cause}`,
    );
  }
}

/**
 * The rate limit headers of an answer: `RateLimit` and `RateLimit-Policy` as structured fields, as in
 * draft-ietf-httpapi-ratelimit-headers-10, and the three separate headers of draft 06 for older clients. Times are seconds from
 * now.
 */
export function rateLimitHeaders({ limit, windowSeconds, remaining, resetMs }: LimitVerdict): Record<string, string> {
  const resetSeconds = Math.ceil(resetMs / 1000);
  return {
    ratelimit: `"key";r=${remaining};t=${resetSeconds}`,
    'ratelimit-policy': `"key";q=${limit};w=${windowSeconds}`,
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(resetSeconds),
  };
}

/** The refusal of a unit beyond the limit. */
export function rateLimited({
  limit,
  windowSeconds,
  resetMs,
}: Pick<LimitVerdict, 'limit' | 'windowSeconds' | 'resetMs'>): RateLimited {
  return new RateLimited({ limit, windowSeconds, retryAfterSeconds: Math.max(Math.ceil(resetMs / 1000), 1) });
}
