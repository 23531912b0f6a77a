import { useEffect, useRef, useSyncExternalStore } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatNumber } from '../../shared/time.js';

export interface UsagePoint {
  start: string;
  allowed: number;
  denied: number;
}

const HEIGHT = 180;
const DAY_SECONDS = 24 * 60 * 60;
const hour = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const onScheme = (listener: () => void) => {
  dark.addEventListener('change', listener);
  return () => dark.removeEventListener('change', listener);
};

/** Requests over time, those let through and those refused. Loaded when a key is opened first. */
export function UsageChart({ points, label }: { points: readonly UsagePoint[]; label: string }) {
  const isDark = useSyncExternalStore(onScheme, () => dark.matches);
  const sum = (of: 'allowed' | 'denied') => formatNumber(points.reduce((total, point) => total + point[of], 0));
  return (
    <figure>
      <figcaption>
        {label}: {sum('allowed')} let through, {sum('denied')} refused
      </figcaption>
      <Bars key={String(isDark)} points={points} />
    </figure>
  );
}

/** On a canvas, which keeps the colours that it was drawn with. */
function Bars({ points }: { points: readonly UsagePoint[] }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const chart = new uPlot(optionsOf(element), dataOf(points), element);
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [points]);
  return <div ref={place} className="chart" aria-hidden />;
}

function dataOf(points: readonly UsagePoint[]): uPlot.AlignedData {
  return [
    points.map(({ start }) => new Date(start).getTime() / 1000),
    points.map(({ allowed, denied }) => allowed + denied),
    points.map(({ denied }) => denied),
  ];
}

function optionsOf(element: HTMLElement): uPlot.Options {
  // A canvas takes colours that are resolved: those of a token are what an element gets by it.
  const colour = (name: string) => {
    element.style.color = `var(${name})`;
    const { color } = getComputedStyle(element);
    element.style.removeProperty('color');
    return color;
  };
  const axis = { stroke: colour('--text-quiet'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  const times: uPlot.Axis = {
    ...axis,
    space: 60,
    values: (_, instants, _axis, _space, step) =>
      instants.map((instant) => (step < DAY_SECONDS ? hour : day).format(new Date(instant * 1000))),
  };
  const bars = uPlot.paths.bars?.({ size: [0.7, 24] });
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_, _least, most) => [0, Math.max(4, most)] } },
    axes: [times, { ...axis, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5, 1e6] }],
    series: [
      {},
      { label: 'Let through', paths: bars, fill: colour('--accent'), points: { show: false } },
      { label: 'Refused', paths: bars, fill: colour('--bad'), points: { show: false } },
    ],
  };
}
