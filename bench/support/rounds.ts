/** Something that is measured beside others. */
export interface Contestant<Sample> {
  name: string;
  measure: () => Promise<Sample>;
}

/** Samples by the contestant's name, one for each round, in the order of the rounds. */
export type Samples<Sample> = ReadonlyMap<string, readonly Sample[]>;

/** Rounds that do not count, of servers side by side: V8 compiles what is hot, and queries are compiled after some runs. */
export const WARM_UP_ROUNDS = 12;

/** All of them, each round beginning with another one. @param round from 0 on */
export function inTurn<Item>(items: readonly Item[], round: number): Item[] {
  const first = round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

/**
 * Measures all contestants in every round, each round beginning with another of them, so that what disturbs the machine
 * disturbs all alike. A first round warms up and is thrown away.
 */
export async function interleaved<Sample>(
  contestants: readonly Contestant<Sample>[],
  rounds: number,
): Promise<Samples<Sample>> {
  const samples = new Map<string, Sample[]>(contestants.map(({ name }) => [name, []]));
  if (samples.size < contestants.length) throw new Error('Two contestants have one name.');
  for (let round = -1; round < rounds; round++) {
    for (const { name, measure } of inTurn(contestants, round + 1)) {
      const sample = await measure();
      if (round >= 0) samples.get(name)?.push(sample);
    }
    process.stderr.write(round < 0 ? 'warmed up ' : '.');
  }
  process.stderr.write('\n');
  return samples;
}

/** One figure of one contestant, round by round. @throws {Error} when nobody has that name */
export function figure<Sample>(
  samples: Samples<Sample>,
  name: string,
  pick: (sample: Sample) => number,
): readonly number[] {
  const own = samples.get(name);
  if (!own) throw new Error(`Nothing was measured of ${name}.`);
  return own.map(pick);
}
