import { lazy, Suspense } from 'react';
import type { UsagePoint } from './usage-chart.js';

const UsageChart = lazy(() => import('./usage-chart.js').then((chart) => ({ default: chart.UsageChart })));

/** How much the key is used. */
export function KeyUsage({ hourly, daily }: { hourly: readonly UsagePoint[]; daily: readonly UsagePoint[] }) {
  return (
    <section className="card" aria-labelledby="usage">
      <h2 id="usage">Usage</h2>
      <Suspense fallback={<div className="chart-place" />}>
        <div className="charts">
          <UsageChart points={hourly} label="Last 48 hours, by the hour" />
          <UsageChart points={daily} label="Last 30 days, by the day" />
        </div>
      </Suspense>
    </section>
  );
}
