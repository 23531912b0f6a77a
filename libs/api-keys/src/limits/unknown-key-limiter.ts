import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { LIMITS, RateLimited } from '#kernel';
import { countedNetwork } from './networks.rules.js';
import { RateLimiter, rateLimited } from './rate-limiter.js';

const { requests: limit, windowSeconds } = LIMITS.unknownKeys;
/** Characters of a hash that tell unknown keys of one minute apart; the whole hash is nobody else's business. */
const MARK = 16;
/** Closed addresses remembered; the least lately seen is opened again when there are more. */
const REMEMBERED = 10_000;

/**
 * Keeps an address that guesses keys from the database: beyond 300 different unknown keys, well-formed, within a minute
 * its further keys are refused without being looked up, until the minute is over. A client that goes on with one deleted key
 * guesses nothing and closes nothing.
 *
 * Counting is shared where the limits are; that an address is closed is remembered here, so a good key costs no trip
 * to the store. Each instance looks up one unknown key of a closed address before it knows, and what is in flight.
 * A key that this process remembers, or remembered until a moment ago, must not come here: it is nobody's guess.
 */
@Injectable()
export class UnknownKeyLimiter {
  private readonly closed = new LRUCache<string, true>({ max: REMEMBERED });

  constructor(private readonly limiter: RateLimiter) {}

  /** To be asked before a key is looked up. @throws {RateLimited} when its address is closed */
  requireOpen(address: string): void {
    if (this.closed.size === 0) return;
    const remainingMs = this.closed.getRemainingTTL(countedNetwork(address));
    if (remainingMs > 0)
      throw new RateLimited({ limit, windowSeconds, retryAfterSeconds: Math.max(Math.ceil(remainingMs / 1000), 1) });
  }

  /**
   * Counts a key that was looked up and not found; once, however often it comes.
   * @throws {RateLimited} when it is one too many
   */
  async count(address: string, hash: string): Promise<void> {
    const network = countedNetwork(address);
    const rate = { limit, windowSeconds };
    const verdict = await this.limiter.consume(`unknown:${network}`, rate, hash.slice(0, MARK));
    if (!verdict || verdict.isAdmitted) return;
    this.closed.set(network, true, { ttl: Math.max(verdict.resetMs, 1) });
    throw rateLimited(verdict);
  }
}
