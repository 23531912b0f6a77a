import { OperatorError } from '#kernel';
import type { ApiKeysOptions } from './api-keys.options.js';

const MOST_REMEMBERED = 10_000_000;
const LONGEST_FLUSH_SECONDS = 3_600;

/** An option of the module would break the guard later, or silently do something else. */
class WrongOption extends OperatorError {
  constructor(option: keyof ApiKeysOptions, rule: string) {
    super(`ApiKeysModule: ${option} ${rule}.`);
  }
}

/** @throws {WrongOption} naming the first option that is wrong */
export function checkOptions({ prefix, cacheSize, flushIntervalSeconds = 1, sessions }: ApiKeysOptions): void {
  // A pattern finds letters in `undefined`, too.
  if (typeof prefix !== 'string' || !/^[a-z][a-z0-9]{1,11}$/.test(prefix))
    throw new WrongOption('prefix', 'has to be 2 to 12 of [a-z0-9], starting with a letter');
  if (!Number.isInteger(cacheSize) || cacheSize < 0 || cacheSize > MOST_REMEMBERED)
    throw new WrongOption('cacheSize', `has to be a whole number from 0 to ${MOST_REMEMBERED}`);
  if (!(flushIntervalSeconds > 0 && flushIntervalSeconds <= LONGEST_FLUSH_SECONDS))
    throw new WrongOption('flushIntervalSeconds', `has to be more than 0 and at most ${LONGEST_FLUSH_SECONDS}`);
  if (sessions && typeof sessions.verify !== 'function')
    throw new WrongOption('sessions', 'has to be a SessionVerifier, with a method verify');
  // Such an expression remembers where its last match ended, and would refuse every other token.
  if (sessions?.tokenShape?.global || sessions?.tokenShape?.sticky)
    throw new WrongOption('sessions', 'has to have a tokenShape without the flags g and y');
}
