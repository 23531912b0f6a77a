import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { Logger } from '@nestjs/common';
import { BadKeySet, type KeySetTimes, OutageLines, PublishedKeys, ServiceUnavailable } from '#kernel';

/**
 * The keys that the issuer publishes, as `PublishedKeys` fetches and keeps them.
 *
 * @param times for tests
 * @returns a function that finds the key for a token's header. The function throws jose's `JWKSNoMatchingKey` for a key that the
 *   issuer does not have, and `ServiceUnavailable` while we cannot know this or cannot read the key.
 */
export function remoteKeys(url: URL, times?: KeySetTimes): JWTVerifyGetKey {
  const outage = new OutageLines(new Logger('IssuerKeys'), {
    begins: 'The keys of the issuer cannot be read, and no session is accepted',
    ends: 'The keys of the issuer can be read again.',
  });
  const find = keyFinder(new PublishedKeys(url, readKeySet, times));
  return async (header, token) => {
    try {
      const key = await find(header, token);
      outage.worked();
      return key;
    } catch (error) {
      if (error instanceof ServiceUnavailable) outage.failed(error);
      else outage.worked();
      throw error;
    }
  };
}

function keyFinder(set: PublishedKeys<ReturnType<typeof createLocalJWKSet>>): JWTVerifyGetKey {
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
      throw isUnreadable(error) ? new ServiceUnavailable({ cause: error }) : error;
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

function readKeySet(json: unknown): ReturnType<typeof createLocalJWKSet> {
  const { keys } = (json ?? {}) as Partial<JSONWebKeySet>;
  if (!Array.isArray(keys) || keys.length === 0) throw new BadKeySet('The issuer publishes no keys.');
  return createLocalJWKSet({ keys });
}
