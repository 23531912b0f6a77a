/** Something that is measured beside others. */
export interface Contestant<Sample> {
  name: string;
  measure: () => Promise<Sample>;
}

/** Samples by the contestant's name, one for each round, in the order of the rounds. */
export type Samples<Sample> = ReadonlyMap<string, readonly Sample[]>;

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
    const first = (round + 1) % contestants.length;
    for (const { name, measure } of [...contestants.slice(first), ...contestants.slice(0, first)]) {
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
