import { Counter, Gauge, type Registry } from 'prom-client';

/** Labels and number of one series. */
export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** Numbers that something keeps anyway: read when somebody scrapes, and no cost to anyone before. */
export interface Reading {
  /** Ends in `_total` where it only grows: then it is a counter, else a gauge. */
  name: string;
  help: string;
  labels?: readonly string[];
  read: () => readonly Sample[];
}

/** One number without labels. */
export const single = (value: number): readonly Sample[] => [[{}, value]];

export function addReading(registry: Registry, { name, help, labels = [], read }: Reading): void {
  const settings = { name, help, labelNames: labels, registers: [] };
  const metric = name.endsWith('_total')
    ? new Counter({
        ...settings,
        collect() {
          this.reset();
          for (const [of, value] of read()) this.inc(of, value);
        },
      })
    : new Gauge({
        ...settings,
        collect() {
          this.reset();
          for (const [of, value] of read()) this.set(of, value);
        },
      });
  registry.registerMetric(metric);
}
