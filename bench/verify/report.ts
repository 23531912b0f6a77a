import type { Sample } from '../support/load.js';
import { figure, type Samples } from '../support/rounds.js';
import { printSamples } from '../support/sample-table.js';
import { figuresOf } from '../support/statistics.js';
import { type Bar, printBars, ratioBar } from '../support/table.js';
import { nameAt } from './way.js';

const [REMEMBERED, UNCACHED, BARE] = ['ours, remembered', 'ours, uncached', 'bare SELECT by pg'];
const [DEFAULT, TUNED] = ['better-auth, default', 'better-auth, best tuned'];

export function reportVerify(samples: Samples<Sample>, withPeers: boolean): void {
  printSamples('Verifications, in process', samples);
  const ratio = (what: string, over: string, under: string, inFlight: number, value: number): Bar => {
    const [rate, bare] = [over, under].map((name) => figure(samples, nameAt(name, inFlight), (of) => of.perSecond));
    return ratioBar(what, rate ?? [], bare ?? [], { at: 'least', value });
  };
  const remembered = figure(samples, nameAt(REMEMBERED, 1), ({ cpuMicros }) => cpuMicros);
  printBars([
    { what: 'remembered, CPU µs', reached: figuresOf(remembered), bar: { at: 'most', value: 2 } },
    ratio('uncached ÷ bare SELECT, 1 in flight', UNCACHED, BARE, 1, 0.87),
    ratio('uncached (batched) ÷ bare SELECT one by one, 64 in flight', UNCACHED, BARE, 64, 1.5),
    ratio('uncached ÷ the replaced pattern, 64 in flight', UNCACHED, 'the replaced pattern', 64, 3.5),
    ...(withPeers
      ? [
          ratio('remembered ÷ better-auth default', REMEMBERED, DEFAULT, 1, 500),
          ratio('remembered ÷ better-auth best tuned', REMEMBERED, TUNED, 1, 50),
          ratio('uncached ÷ better-auth default, 64 in flight', UNCACHED, DEFAULT, 64, 15),
        ]
      : []),
  ]);
}
