import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Scrape, selectorsOf } from '../support/prometheus.js';
import { TestPortal } from '../support/test-portal.js';

const DASHBOARD = resolve(import.meta.dirname, '../../deploy/grafana/latchkey.json');
/** Labels that Prometheus adds to whatever it scrapes. */
const OF_TARGETS = ['job', 'instance'];

interface Dashboard {
  panels: { id: number; title: string; targets: { expr: string }[] }[];
}

describe('dashboard', () => {
  let dashboard: Dashboard;
  let scrape: Scrape;
  beforeAll(async () => {
    dashboard = JSON.parse(await readFile(DASHBOARD, 'utf8')) as Dashboard;
    const api = await TestPortal.start();
    await api.query('{ __typename }');
    scrape = await Scrape.of(api);
    await api.stop();
  });

  it('the dashboard asks only for metrics that /metrics exports, by labels and values that they have', () => {
    const asked = dashboard.panels.flatMap(({ title, targets }) =>
      targets.flatMap(({ expr }) => selectorsOf(expr).map((selector) => ({ title, ...selector }))),
    );
    expect(asked.length).toBeGreaterThan(10);
    for (const { title, metric, labels } of asked) {
      expect([title, metric, scrape.has(metric)]).toEqual([title, metric, true]);
      for (const [label] of labels.filter(([name]) => !OF_TARGETS.includes(name)))
        expect([title, metric, label, scrape.labelValues(metric, label).length > 0]).toEqual([
          title,
          metric,
          label,
          true,
        ]);
    }
  });

  it('each panel of the dashboard has a unique title and a query', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    expect(panels.filter(({ targets }) => targets.length === 0)).toEqual([]);
  });
});
