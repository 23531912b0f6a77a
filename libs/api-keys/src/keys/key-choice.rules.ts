import { LIMITS, type ProblemPath, type Problems, readId } from '#kernel';

/** Keys by their ids, or all keys of one owner. */
export interface KeyChoice {
  /** Exactly one of `ids` and `ownerId`. */
  ids?: readonly string[] | null;
  ownerId?: string | null;
}

/** The choice, each id once; every failure is added to `problems`. */
export function readKeyChoice(
  { ids, ownerId }: KeyChoice,
  path: ProblemPath,
  problems: Problems,
): { ids?: string[]; ownerId?: string } {
  const at = [...path, 'ids'];
  if ((ids == null) === (ownerId == null)) problems.add(at, 'REQUIRED', 'give exactly one of ids and ownerId.');
  if (ids && ids.length > LIMITS.idsPerRequest)
    problems.add(at, 'TOO_MANY', `may name at most ${LIMITS.idsPerRequest} keys.`);
  if (ids?.length === 0) problems.add(at, 'TOO_SHORT', 'names no key.');
  const read = ids?.map((id, index) => readId(id, [...at, index], problems));
  return {
    ids: read && [...new Set(read)],
    ownerId: ownerId == null ? undefined : readId(ownerId, [...path, 'ownerId'], problems),
  };
}
