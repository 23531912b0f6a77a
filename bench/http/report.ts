import { figuresOf, median } from '../support/statistics.js';
import { type Bar, printBars, printTable, ratioBar, shown, shownSpread } from '../support/table.js';
import { COPY, EXPRESS, FASTIFY, GUARDED, MERCURIUS, type OperationName, OPERATIONS } from './contestants.js';
import type { HttpSamples } from './samples.js';

export function reportHttp(samples: HttpSamples): void {
  for (const operation of OPERATIONS)
    printTable(
      `${operation}, by contestant`,
      ['server, connections', 'server CPU µs (min–max)', 'per second (min–max)', 'p50 ms', 'p99 ms'],
      samples
        .of(operation)
        .map(({ title, samples: of }) => [
          title,
          shownSpread(figuresOf(of.map(({ cpuMicros }) => cpuMicros))),
          shownSpread(figuresOf(of.map(({ perSecond }) => perSecond))),
          shown(median(of.map(({ p50Ms }) => p50Ms))),
          shown(median(of.map(({ p99Ms }) => p99Ms))),
        ]),
    );
  printTable(
    'Resident memory after the run, MB',
    ['server', 'MB'],
    [...samples.residentBytes].map(([name, bytes]) => [name, shown(Math.round(bytes / 1e6))]),
  );
  printBars(bars(samples));
}

function bars(samples: HttpSamples): Bar[] {
  const cpus = (operation: OperationName, name: string) => samples.cpuMicros(operation, name);
  const share = (operation: OperationName, peer: string, value: number) =>
    ratioBar(`${operation}, CPU: guarded ÷ ${peer}`, cpus(operation, GUARDED), cpus(operation, peer), {
      at: 'most',
      value,
    });
  const page = cpus('devices', GUARDED).map((micros, round) => micros - (cpus('trivial', GUARDED)[round] ?? NaN));
  return [
    share('trivial', COPY, 1.05),
    share('trivial', FASTIFY, 1),
    share('trivial', EXPRESS, 0.6),
    share('trivial', MERCURIUS, 1),
    share('list', EXPRESS, 0.45),
    share('devices', FASTIFY, 1),
    ratioBar('page of devices beyond the trivial request ÷ bare pg, CPU', page, samples.barePageMicros, {
      at: 'most',
      value: 2.5,
    }),
  ];
}
