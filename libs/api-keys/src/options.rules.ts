import { OperatorError } from '#kernel';
import type { ApiKeysOptions } from './api-keys.options.js';
import { isKeyPrefix, KEY_PREFIX } from './keys/api-key.format.js';
import { readRedisAddress, REDIS_ADDRESS, type RedisAddress } from './limits/redis-address.rules.js';

const MOST_REMEMBERED = 10_000_000;
const LONGEST_FLUSH_SECONDS = 3_600;

/** An option of the module would break the guard later, or silently do something else. */
class WrongOption extends OperatorError {
  constructor(option: keyof ApiKeysOptions, rule: string) {
    super(`ApiKeysModule: ${option} ${rule}.`);
  }
}

/** @throws {WrongOption} naming the first option that is wrong */
export function checkOptions(options: ApiKeysOptions): void {
  const { prefix, cacheSize, flushIntervalSeconds = 1, sessions } = options;
  if (!isKeyPrefix(prefix)) throw new WrongOption('prefix', `has to be ${KEY_PREFIX}`);
  if (!Number.isInteger(cacheSize) || cacheSize < 0 || cacheSize > MOST_REMEMBERED)
    throw new WrongOption('cacheSize', `has to be a whole number from 0 to ${MOST_REMEMBERED}`);
  if (!(flushIntervalSeconds > 0 && flushIntervalSeconds <= LONGEST_FLUSH_SECONDS))
    throw new WrongOption('flushIntervalSeconds', `has to be more than 0 and at most ${LONGEST_FLUSH_SECONDS}`);
  redisAddressOf(options);
  if (sessions && typeof sessions.verify !== 'function')
    throw new WrongOption('sessions', 'has to be a SessionVerifier, with a method verify');
  // Such an expression remembers where its last match ended, and would refuse every other token.
  if (sessions?.tokenShape?.global || sessions?.tokenShape?.sticky)
    throw new WrongOption('sessions', 'has to have a tokenShape without the flags g and y');
}

/**
 * Where limits are counted for all instances; undefined for each process on its own.
 * @throws {WrongOption}
 */
export function redisAddressOf({ redisUrl }: ApiKeysOptions): RedisAddress | undefined {
  if (!redisUrl) return undefined;
  const address = typeof redisUrl === 'string' ? readRedisAddress(redisUrl) : undefined;
  if (!address) throw new WrongOption('redisUrl', `has to be ${REDIS_ADDRESS}`);
  return address;
}
