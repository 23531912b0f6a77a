import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { ServiceUnavailable } from '#kernel';

const TIMEOUT_MS = 3_000;
/** Minimum time between two fetches caused by a key id that the set does not have, whatever the issuer answers. */
const COOLDOWN_MS = 30_000;
/**
 * Keys are trusted for this long without a new fetch. A key that the issuer withdraws is refused after this time at the latest.
 */
const MAX_AGE_MS = 10 * 60_000;
/** Minimum time between two fetches from a failing issuer while we have no usable keys. */
const RETRY_MS = 2_000;
const MAX_BYTES = 256 * 1024;

/** The issuer's answer is no key set: it is too large, or has the wrong form. */
class BadKeySet extends Error {
  override readonly name = 'BadKeySet';
}

/**
 * The keys that the issuer publishes, kept for ten minutes. A key id not yet seen causes a new fetch. Concurrent lookups share
 * one fetch, which is bounded in time and size. Redirects are refused: the keys come from the configured place only. An answer
 * that is no key set, or an empty one, replaces nothing.
 *
 * @param monotonicMs a clock that is never set back or forward; tests pass one that they move
 * @param timeoutMs a fetch is given up after this time
 * @returns a function that finds the key for a token's header. The function throws jose's `JWKSNoMatchingKey` for a key that the
 *   issuer does not have, and `ServiceUnavailable` while we cannot know this or cannot read the key.
 */
export function remoteKeys(
  url: URL,
  monotonicMs: () => number = () => performance.now(),
  timeoutMs = TIMEOUT_MS,
): JWTVerifyGetKey {
  const set = new RemoteKeySet(url, monotonicMs, timeoutMs);
  return async (header, token) => {
    const keys = await set.current();
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) && !isUnreadable(error)) throw error;
    }
    const newer = await set.afterUnknownKey(keys);
    try {
      return await newer(header, token);
    } catch (error) {
      throw isUnreadable(error) ? unavailable(error) : error;
    }
  };
}

/**
 * jose throws its own errors for a bad token. An unusable published key makes it throw other errors, which we report as an
 * outage.
 */
function isUnreadable(error: unknown): boolean {
  return !(error instanceof errors.JOSEError);
}

type Keys = ReturnType<typeof createLocalJWKSet>;

class RemoteKeySet {
  private loaded: { keys: Keys; at: number } | undefined;
  /** The last fetch and its outcome. */
  private last: { at: number; failure?: unknown } | undefined;
  private underWay: Promise<Keys> | undefined;

  constructor(
    private readonly url: URL,
    private readonly now: () => number,
    private readonly timeoutMs: number,
  ) {}

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
      const keys = createLocalJWKSet(await fetchKeySet(this.url, this.timeoutMs));
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

async function fetchKeySet(url: URL, timeoutMs: number): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await limitedText(response);
  if (response.status !== 200) throw new BadKeySet(`The issuer answered ${response.status} where its keys should be.`);
  const set = JSON.parse(text) as Partial<JSONWebKeySet> | null;
  if (!Array.isArray(set?.keys) || set.keys.length === 0) throw new BadKeySet('The issuer publishes no keys.');
  return { keys: set.keys };
}

async function limitedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new BadKeySet(`The key set of the issuer is larger than ${MAX_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
