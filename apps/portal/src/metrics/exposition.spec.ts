import { setImmediate as nextTurn } from 'node:timers/promises';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { textOf } from './exposition.js';

const OPERATIONS = 100;

describe('the text of the metrics', () => {
  const first = new Registry();
  const second = new Registry();
  beforeAll(() => {
    const requests = new Histogram({
      name: 'requests',
      help: 'A \\ and\na line.',
      labelNames: ['operation'],
      registers: [first],
    });
    for (let n = 0; n < OPERATIONS; n++) requests.observe({ operation: `q"${n}` }, n / 100);
    new Counter({ name: 'errors_total', help: 'Errors.', labelNames: ['code'], registers: [first] }).reset();
    new Gauge({ name: 'open', help: 'Open.', registers: [second] }).set(NaN);
  });

  it('the text of the metrics is that of their registries', async () => {
    expect(await textOf([first, second])).toBe([await first.metrics(), await second.metrics()].join('\n'));
  });

  it('the text of many metrics is not made in one turn of the event loop', async () => {
    let turns = 0;
    let isOver = false;
    const registries = Array.from({ length: 20 }, () => first);
    const text = textOf(registries).finally(() => (isOver = true));
    for (; !isOver; turns++) await nextTurn();
    expect((await text).split('\n').length).toBeGreaterThan(20 * OPERATIONS);
    // All of them take tens of milliseconds.
    expect(turns).toBeGreaterThan(10);
  });
});
