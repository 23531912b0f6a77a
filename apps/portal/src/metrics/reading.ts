import { Counter, Gauge, type Registry } from 'prom-client';
import type { Reading } from '#kernel';

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
