import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatNumber } from '../../shared/time.js';

export interface UsagePoint {
  start: string;
  allowed: number;
  denied: number;
}

const HEIGHT = 180;

/** Requests over time, those let through and those refused. Loaded when a key is opened first. */
export function UsageChart({ points, label }: { points: readonly UsagePoint[]; label: string }) {
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
  const sum = (of: 'allowed' | 'denied') => formatNumber(points.reduce((total, point) => total + point[of], 0));
  return (
    <figure>
      <figcaption>
        {label}: {sum('allowed')} let through, {sum('denied')} refused
      </figcaption>
      <div ref={place} className="chart" aria-hidden />
    </figure>
  );
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
  const bars = uPlot.paths.bars?.({ size: [0.7, 24] });
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_, _least, most) => [0, Math.max(4, most)] } },
    axes: [axis, { ...axis, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5, 1e6] }],
    series: [
      {},
      { label: 'Let through', paths: bars, fill: colour('--accent'), points: { show: false } },
      { label: 'Refused', paths: bars, fill: colour('--bad'), points: { show: false } },
    ],
  };
}
