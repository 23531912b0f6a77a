import { type Input, LIMITS } from '#kernel';

/** Keys by their ids, or all keys of one owner. */
export interface KeyChoice {
  /** Exactly one of `ids` and `ownerId`. */
  ids?: readonly string[] | null;
  ownerId?: string | null;
}

/** The choice, each id once. */
export function readKeyChoice(input: Input<KeyChoice>): { ids?: string[]; ownerId?: string } {
  const { ids, ownerId } = input.value;
  const at = input.at('ids');
  if ((ids == null) === (ownerId == null)) at.refuse('REQUIRED', 'give exactly one of ids and ownerId.');
  if (ids && ids.length > LIMITS.idsPerRequest) at.refuse('TOO_MANY', `may name at most ${LIMITS.idsPerRequest} keys.`);
  if (ids?.length === 0) at.refuse('TOO_SHORT', 'names no key.');
  const read = input
    .given('ids')
    ?.items()
    .map((id) => id.id());
  return { ids: read && [...new Set(read)], ownerId: input.given('ownerId')?.id() };
}
