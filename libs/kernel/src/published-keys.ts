import { ServiceUnavailable } from './app-error.js';
import { boundedText } from './bounded-text.js';

const TIMEOUT_MS = 3_000;
/** Minimum time between two fetches caused by a key id that the set does not have, whatever the key server answers. */
const COOLDOWN_MS = 30_000;
/**
 * Keys are trusted for this long without a new fetch. A key that its owner withdraws is refused after this time at the latest.
 */
const MAX_AGE_MS = 10 * 60_000;
/** Minimum time between two fetches from a failing key server while we have no usable keys. */
const RETRY_MS = 2_000;
const MAX_BYTES = 256 * 1024;

/** The key server's answer is no key set. */
export class BadKeySet extends Error {
  override readonly name = 'BadKeySet';
}

export interface KeySetTimes {
  /** A clock that is never set back or forward; tests pass one that they move. */
  monotonicMs?: () => number;
  /** A fetch is given up after this time. */
  timeoutMs?: number;
}

/**
 * The public keys that somebody else publishes at one address, kept for ten minutes. A key id not yet seen causes a new fetch.
 * Concurrent lookups share one fetch, which is bounded in time and size. Redirects are refused: the keys come from the
 * configured address only. An answer that is no key set replaces nothing.
 */
export class PublishedKeys<Keys> {
  private loaded: { keys: Keys; at: number } | undefined;
  /** The last fetch and its outcome. */
  private last: { at: number; failure?: unknown } | undefined;
  private underWay: Promise<Keys> | undefined;
  private readonly now: () => number;
  private readonly timeoutMs: number;

  /** @param read reads the body of an answer, and throws where the body is no key set or an empty one */
  constructor(
    private readonly url: URL,
    private readonly read: (json: unknown) => Keys,
    { monotonicMs = () => performance.now(), timeoutMs = TIMEOUT_MS }: KeySetTimes = {},
  ) {
    this.now = monotonicMs;
    this.timeoutMs = timeoutMs;
  }

  /** @throws {ServiceUnavailable} when no key set is young enough and none can be fetched */
  async current(): Promise<Keys> {
    if (this.loaded && this.now() - this.loaded.at < MAX_AGE_MS) return this.loaded.keys;
    if (this.last?.failure !== undefined && this.now() - this.last.at < RETRY_MS) throw unavailable(this.last.failure);
    return this.fetched();
  }

  /**
   * The key set to search again for a key that `seen` does not have.
   * @throws {ServiceUnavailable} when the last attempt to fetch new keys failed
   */
  async afterUnknownKey(seen: Keys): Promise<Keys> {
    const mayAsk = !this.last || this.now() - this.last.at >= COOLDOWN_MS;
    if (this.underWay || mayAsk) return this.fetched();
    if (this.last?.failure !== undefined) throw unavailable(this.last.failure);
    return this.loaded?.keys ?? seen;
  }

  private fetched(): Promise<Keys> {
    this.underWay ??= this.fetch().finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  private async fetch(): Promise<Keys> {
    try {
      const keys = this.read(await fetchJson(this.url, this.timeoutMs));
      this.loaded = { keys, at: this.now() };
      this.last = { at: this.now() };
      return keys;
    } catch (failure) {
      this.last = { at: this.now(), failure };
      throw unavailable(failure);
    }
  }
}

function unavailable(cause: unknown): ServiceUnavailable {
  return new ServiceUnavailable({ cause });
}

async function fetchJson(url: URL, timeoutMs: number): Promise<unknown> {
  const response = await fetch(url, {
    headers: { accept: 'application/jwk-set+json, application/json', 'user-agent': 'latchkey' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await boundedText(response, MAX_BYTES);
  if (response.status !== 200) throw new BadKeySet(`The key server answered ${response.status} instead of its keys.`);
  return JSON.parse(text);
}
