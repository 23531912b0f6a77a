import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Metric, Registry } from 'prom-client';

/** Values that are written without a look at the clock. A histogram of 100 operations has 1,600. */
const VALUES_AT_ONCE = 100;
/** The writing then leaves a turn of the event loop to requests. */
const AT_ONCE_MS = 0.5;
/** HELP and TYPE. */
const HEAD_LINES = 2;

/** The text of all metrics, as `Registry.metrics` makes it, but not in one turn of the event loop: the whole takes milliseconds. */
export async function textOf(registries: readonly Registry[]): Promise<string> {
  const metrics = registries.flatMap((registry) =>
    registry.getMetricsAsArray().flatMap(({ name }) => registry.getSingleMetric(name) ?? []),
  );
  const texts: string[] = [];
  let begunAt = performance.now();
  for (const metric of metrics) {
    const lines: string[] = [];
    for await (const some of linesOf(metric)) {
      lines.push(...some);
      if (performance.now() - begunAt < AT_ONCE_MS) continue;
      await nextTurn();
      begunAt = performance.now();
    }
    texts.push(lines.join('\n'));
  }
  return `${texts.join('\n\n')}\n`;
}

/** The lines of one metric, some at a time. */
async function* linesOf(metric: Metric): AsyncGenerator<string[]> {
  const { values, ...described } = await metric.get();
  for (let from = 0; from === 0 || from < values.length; from += VALUES_AT_ONCE) {
    const some = new Registry();
    const part = {
      ...described,
      get: async () => ({ ...described, values: values.slice(from, from + VALUES_AT_ONCE) }),
    };
    some.registerMetric(part as unknown as Metric);
    const lines = (await some.getSingleMetricAsString(described.name)).split('\n');
    yield from === 0 ? lines : lines.slice(HEAD_LINES);
  }
}
