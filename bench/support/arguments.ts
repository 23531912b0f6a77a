import { parseArgs } from 'node:util';

/** How much a bench measures. */
export interface Extent {
  /** Tiny sizes: shows that the bench runs. Its figures say nothing. */
  isQuick: boolean;
  /** The sizes that take minutes to prepare too. */
  isHuge: boolean;
  rounds: number;
  /** One measurement of one contestant. */
  sampleMs: number;
}

/** @param usual what a full run takes unless `--rounds` or `--sample-ms` say otherwise */
export function readExtent(usual: { rounds: number; sampleMs: number }): Extent {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      huge: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      'sample-ms': { type: 'string' },
    },
  });
  const { quick: isQuick, huge: isHuge } = values;
  const fallback = isQuick ? { rounds: 2, sampleMs: 60 } : usual;
  return {
    isQuick,
    isHuge,
    rounds: positive('rounds', values.rounds) ?? fallback.rounds,
    sampleMs: positive('sample-ms', values['sample-ms']) ?? fallback.sampleMs,
  };
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} takes a whole number from 1 on.`);
  return number;
}
