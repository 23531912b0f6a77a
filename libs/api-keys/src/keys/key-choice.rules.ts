import { type Input, LIMITS } from '#kernel';

/** A choice of keys: by their ids, or all keys of one owner. */
export interface KeyChoice {
  /** Exactly one of `ids` and `ownerId`. */
  ids?: readonly string[] | null;
  ownerId?: string | null;
}

/** The choice, with each id once. */
export function readKeyChoice(input: Input<KeyChoice>): { ids?: string[]; ownerId?: string } {
  const { ids, ownerId } = input.value;
  if ((ids == null) === (ownerId == null)) input.at('ids').refuse('REQUIRED', 'give exactly one of ids and ownerId.');
  const given = input.given('ids');
  if (given?.value.length === 0) given.refuse('TOO_SHORT', 'names no key.');
  return { ids: given && readIds(given), ownerId: input.given('ownerId')?.id() };
}

/** Each id once. The items of a list that is too long are not checked. */
export function readIds(ids: Input<readonly string[]>): string[] {
  if (ids.value.length > LIMITS.idsPerRequest) {
    ids.refuse('TOO_MANY', `may name at most ${LIMITS.idsPerRequest} keys.`);
    return [];
  }
  return [...new Set(ids.items().map((id) => id.id()))];
}
