import { Counter, Gauge, type Registry } from 'prom-client';

/** Labels and value of one series. */
export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** Numbers that the code keeps anyway: read at each scrape, at no cost before. */
export interface Reading {
  /** The metric's name. A name that ends in `_total` is a counter and only grows; any other is a gauge. */
  name: string;
  help: string;
  labels?: readonly string[];
  read: () => readonly Sample[];
}

/** A metric with one value and no labels. */
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
