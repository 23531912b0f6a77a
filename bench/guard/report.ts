import { figuresOf, median, pairedRatios } from '../support/statistics.js';
import { type Bar, printBars, printTable, ratioBar, shown, shownSpread } from '../support/table.js';
import type { GuardSamples } from './samples.js';
import type { ServerSample } from '../support/server-sample.js';
import type { ServerName } from './servers.js';

const STOCK: ServerName = 'stock on Express, unguarded';
const rates = (samples: readonly ServerSample[]) => samples.map(({ perSecond }) => perSecond);
const cpus = (samples: readonly ServerSample[]) => samples.map(({ cpuMicros }) => cpuMicros);

export function reportGuard(samples: GuardSamples): void {
  printTable(
    'Requests over HTTP, 10 connections; a fresh process each round',
    ['operation: server', 'per second (min–max)', 'p50 ms', 'p99 ms', 'server CPU µs (min–max)'],
    [...samples.entries()].map(([name, of]) => [
      name,
      shownSpread(figuresOf(rates(of))),
      shown(median(of.map(({ p50Ms }) => p50Ms))),
      shown(median(of.map(({ p99Ms }) => p99Ms))),
      shownSpread(figuresOf(cpus(of))),
    ]),
  );
  printTable(
    'The noise: two copies of one application, paired within the round',
    ['guarded, a copy ÷ guarded', 'median (min–max)'],
    ['trivial', 'list'].map((operation) => [
      operation,
      shownSpread(
        pairedRatios(rates(samples.of(operation, 'guarded, a copy')), rates(samples.of(operation, 'guarded'))),
      ),
    ]),
  );
  printTable(
    'CPU of a page of 20 devices from the database, µs',
    ['way', 'median (min–max)'],
    [
      ["guarded and tenant-bound, beyond the trivial request's", shownSpread(figuresOf(pageMicros(samples)))],
      ['pg: begin, set_config of tenant and role, SELECT, commit', shownSpread(figuresOf(samples.barePageMicros))],
    ],
  );
  printBars(bars(samples));
}

function pageMicros(samples: GuardSamples): number[] {
  const trivial = cpus(samples.of('trivial', 'guarded'));
  return cpus(samples.of('devices', 'guarded')).map((micros, round) => micros - (trivial[round] ?? NaN));
}

function bars(samples: GuardSamples): Bar[] {
  const share = (operation: string, value: number) =>
    ratioBar(
      `guarded ÷ unguarded, ${operation}, requests per second`,
      rates(samples.of(operation, 'guarded')),
      rates(samples.of(operation, 'unguarded')),
      { at: 'least', value },
    );
  const stock = rates(samples.of('list', STOCK));
  return [
    {
      what: 'guard and gate, verdict remembered, in process, CPU µs',
      reached: figuresOf(samples.inProcessMicros),
      bar: { at: 'most', value: 3 },
    },
    share('trivial', 0.9),
    share('list', 0.97),
    ...(stock.length > 0
      ? [
          ratioBar('guarded list ÷ the same, unguarded, stock', rates(samples.of('list', 'guarded')), stock, {
            at: 'least',
            value: 2,
          }),
        ]
      : []),
    ratioBar('page of devices ÷ bare pg, CPU', pageMicros(samples), samples.barePageMicros, { at: 'most', value: 3.5 }),
  ];
}
