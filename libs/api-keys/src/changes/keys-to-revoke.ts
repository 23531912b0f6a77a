import type { Input } from '#kernel';
import { type ApiKeyFilter, readKeyFilter } from '../keys/api-key.filter.js';
import { type KeyChoice, readKeyChoice } from '../keys/key-choice.rules.js';

/** Which keys to revoke: by their ids, all keys of one owner, or all keys that a filter admits. */
export interface KeysToRevoke extends KeyChoice {
  filter?: ApiKeyFilter | null;
  /** The number of keys that the filter would end, as the caller has counted them. */
  expectedCount?: number | null;
}

/** `expectedCount` counts only with a filter. */
type ReadChoice = { ids?: string[]; ownerId?: string; filter?: ApiKeyFilter; expectedCount: number };

export function readKeysToRevoke(input: Input<KeysToRevoke>): ReadChoice {
  const { ids, ownerId, expectedCount } = input.value;
  const filter = input.given('filter');
  if (!filter) {
    if (expectedCount != null) input.at('expectedCount').refuse('MALFORMED', 'can only be used with filter.');
    return { ...readKeyChoice(input), expectedCount: 0 };
  }
  if (ids != null || ownerId != null) filter.refuse('MALFORMED', 'cannot be combined with ids or ownerId.');
  const expected = input.given('expectedCount');
  if (!expected) input.at('expectedCount').refuse('REQUIRED', 'is required with filter.');
  else if (expected.value < 0) expected.refuse('OUT_OF_RANGE', 'may not be negative.');
  return { filter: readKeyFilter(filter), expectedCount: expectedCount ?? 0 };
}
