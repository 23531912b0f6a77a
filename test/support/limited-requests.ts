import type { Answer } from './answer.js';
import type { Target } from './faults/load.js';

const WHO = '{ viewer { kind } }';

/** What a limit did with a request. One that was let through, because it could not be counted, has no header of the limit. */
export type Outcome = 'ADMITTED' | 'REFUSED' | 'UNCOUNTED';

export async function askLimited(target: Target, secret: string): Promise<Outcome> {
  return outcomeOf(await target.query(WHO, { key: secret }));
}

/** Sends all requests at once, to the targets in turn. */
export async function askInTurn(
  targets: readonly Target[],
  secret: string,
  count: number,
): Promise<Record<Outcome, number>> {
  const target = (at: number) => targets[at % targets.length] as Target;
  const outcomes = await Promise.all(Array.from({ length: count }, (_, at) => askLimited(target(at), secret)));
  const all = { ADMITTED: 0, REFUSED: 0, UNCOUNTED: 0 };
  for (const outcome of outcomes) all[outcome]++;
  return all;
}

/**
 * Asks twice as often as the limit of a fresh key allows, and expects exactly as many answers as it allows. On a busy machine a count may
 * come too late for its request, which passes; the store may have counted the request or not.
 * @returns the number of these requests
 */
export async function expectExact(targets: readonly Target[], secret: string, limit: number): Promise<number> {
  const { ADMITTED, UNCOUNTED } = await askInTurn(targets, secret, 2 * limit);
  expect(ADMITTED).toBeLessThanOrEqual(limit);
  expect(ADMITTED + UNCOUNTED).toBeGreaterThanOrEqual(limit);
  return UNCOUNTED;
}

function outcomeOf({ status, code, headers, text }: Answer): Outcome {
  if (status === 200) return headers.has('ratelimit') ? 'ADMITTED' : 'UNCOUNTED';
  if (status === 429 && code === 'RATE_LIMITED' && Number(headers.get('retry-after')) > 0) return 'REFUSED';
  throw new Error(`Expected an answer or a limit, got ${status} ${text}`);
}
