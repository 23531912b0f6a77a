import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { ServiceUnavailable } from '#kernel';

const TIMEOUT_MS = 3_000;
/** Unknown key ids make us ask the issuer at most this often. */
const COOLDOWN_MS = 30_000;
const CACHE_MAX_AGE_MS = 10 * 60_000;
const MAX_BYTES = 256 * 1024;

/** The answer was no key set: too large, or not what it says. */
class BadKeySet extends Error {
  override readonly name = 'BadKeySet';
}

/**
 * The keys that the issuer publishes, kept for ten minutes and fetched anew for a key id not yet seen.
 * Redirects are refused: the keys come from the place that was configured, or from nowhere.
 */
export function remoteKeys(url: URL): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: TIMEOUT_MS,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: CACHE_MAX_AGE_MS,
    [customFetch]: fetchLimited,
  });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw new ServiceUnavailable({ cause: error });
    }
  };
}

async function fetchLimited(url: string, options: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...options, redirect: 'error' });
  if (!response.body) return response;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new BadKeySet(`The key set of the issuer is larger than ${MAX_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks), { status: response.status, headers: response.headers });
}
