import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type AlertRule, alertRules, Scrape, selectorsOf } from '../support/prometheus.js';
import { TestPortal } from '../support/test-portal.js';

const OPERATIONS = resolve(import.meta.dirname, '../../docs/operations.md');
/** Prometheus makes these itself, of each target that it scrapes. */
const OF_PROMETHEUS = ['up'];
/** Labels that Prometheus adds to whatever it scrapes. */
const OF_TARGETS = ['job', 'instance'];

describe('alert rules', () => {
  let rules: AlertRule[];
  let scrape: Scrape;
  beforeAll(async () => {
    rules = await alertRules();
    const api = await TestPortal.start();
    await api.query('{ __typename }');
    scrape = await Scrape.of(api);
    await api.stop();
  });

  it('each alert rule has a unique name, a severity and a summary', () => {
    expect(rules.length).toBeGreaterThan(10);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, labels, annotations } of rules) {
      expect([alert, ['critical', 'warning', 'info'].includes(labels.severity)]).toEqual([alert, true]);
      expect([alert, annotations.summary.length > 10]).toEqual([alert, true]);
    }
  });

  it('an alert rule asks only for metrics that /metrics exports, by labels and values that they have', () => {
    const asked = rules.flatMap(({ alert, expr }) => selectorsOf(expr).map((selector) => ({ alert, ...selector })));
    expect(asked.length).toBeGreaterThanOrEqual(rules.length);
    for (const { alert, metric, labels } of asked) {
      if (OF_PROMETHEUS.includes(metric)) continue;
      expect([alert, metric, scrape.has(metric)]).toEqual([alert, metric, true]);
      for (const [label, operator, value] of labels) {
        if (OF_TARGETS.includes(label)) continue;
        const values = scrape.labelValues(metric, label);
        expect([alert, metric, label, values.length > 0]).toEqual([alert, metric, label, true]);
        if (operator === '=' || operator === '!=') expect(values).toContain(value);
      }
    }
  });

  it('docs/operations.md explains each alert rule under its name, and has no other such heading', async () => {
    const headings = [...(await readFile(OPERATIONS, 'utf8')).matchAll(/^#+ (Latchkey\w+)$/gm)].map(([, name]) => name);
    expect(headings.toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted());
  });

  it.each([
    ['sum(rate(', 'unfinished'],
    ['latchkey_x{a="b" > 1', 'unclosed'],
  ])('an alert rule that is not valid PromQL is reported: %s (%s)', (expression) =>
    expect(() => selectorsOf(expression)).toThrow('No PromQL'),
  );
});
