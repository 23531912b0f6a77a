import type { Sample } from './load.js';
import type { Samples } from './rounds.js';
import { figuresOf, median } from './statistics.js';
import { printTable, shown, shownSpread } from './table.js';

/** All contestants, a row each. */
export function printSamples(title: string, samples: Samples<Sample>): void {
  printTable(
    title,
    ['what, in flight', 'per second (min–max)', 'p50 µs', 'p99 µs', 'Node CPU µs (min–max)'],
    [...samples].map(([name, of]) => [
      name,
      shownSpread(figuresOf(of.map(({ perSecond }) => perSecond))),
      shown(median(of.map(({ p50Micros }) => p50Micros))),
      shown(median(of.map(({ p99Micros }) => p99Micros))),
      shownSpread(figuresOf(of.map(({ cpuMicros }) => cpuMicros))),
    ]),
  );
}
