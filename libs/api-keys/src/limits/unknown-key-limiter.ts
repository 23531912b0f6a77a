import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { LIMITS } from '#kernel';
import { countedNetwork } from './networks.rules.js';
import { RateLimiter, rateLimited } from './rate-limiter.js';

const { requests: limit, windowSeconds } = LIMITS.unknownKeys;
/** Characters of a hash that keep the unknown keys of one minute apart. The store does not need the whole hash. */
const MARK = 16;
/** Maximum number of closed addresses remembered. Beyond it the least recently seen address is opened again. */
const REMEMBERED = 10_000;

/**
 * Keeps clients that guess keys away from the database. After 300 different unknown but well-formed keys within a minute, further
 * keys from the address are refused without a lookup until the minute is over. A client that keeps presenting one deleted key is
 * not guessing, and closes nothing.
 *
 * Where a service presents keys of its own clients, a client is an address at this service: a service that names addresses as it
 * likes closes none of them for others.
 *
 * Instances share the count where they share the limits. Each instance remembers closed addresses itself, so a good key costs no
 * request to the store. An instance looks up one unknown key of a closed address, and any in flight, before it knows that the
 * address is closed. A key that this process remembers, or remembered until a moment ago, must not come here: it is no guess.
 */
@Injectable()
export class UnknownKeyLimiter {
  private readonly closed = new LRUCache<string, true>({ max: REMEMBERED });

  constructor(private readonly limiter: RateLimiter) {}

  /**
   * Called before a key is looked up.
   * @param service the id of the service that presents the key for its client
   * @throws {RateLimited} when its address is closed
   */
  requireOpen(address: string, service?: string): void {
    if (this.closed.size === 0) return;
    const remainingMs = this.closed.getRemainingTTL(nameOf(address, service));
    if (remainingMs > 0) throw rateLimited({ limit, windowSeconds, resetMs: remainingMs });
  }

  /**
   * Counts a key that was looked up and not found; each key counts once.
   * @throws {RateLimited} when this key exceeds the limit
   */
  async count(address: string, hash: string, service?: string): Promise<void> {
    const name = nameOf(address, service);
    const rate = { limit, windowSeconds };
    const verdict = await this.limiter.consume(name, rate, hash.slice(0, MARK));
    if (!verdict || verdict.isAdmitted) return;
    this.closed.set(name, true, { ttl: Math.max(verdict.resetMs, 1) });
    throw rateLimited(verdict);
  }
}

/** The first word is the kind of the count: services fill a space of their own. */
function nameOf(address: string, service: string | undefined): string {
  const network = countedNetwork(address);
  return service === undefined ? `unknown:${network}` : `introspected:${service}:${network}`;
}
