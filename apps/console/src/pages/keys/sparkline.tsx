import { formatNumber } from '../../shared/time.js';

interface Point {
  allowed: number;
  denied: number;
}
const HEIGHT = 24;
const BAR = 4;

/** Requests of the last 24 hours, a bar for each hour: refused ones on top of those let through. */
export function Sparkline({ points }: { points: readonly Point[] }) {
  const allowed = points.reduce((sum, point) => sum + point.allowed, 0);
  const denied = points.reduce((sum, point) => sum + point.denied, 0);
  const most = Math.max(1, ...points.map((point) => point.allowed + point.denied));
  const words = `${formatNumber(allowed)} let through, ${formatNumber(denied)} refused in 24 hours`;
  if (allowed + denied === 0) return <span className="quiet">No requests</span>;
  return (
    <span className="sparkline" title={words}>
      <svg width={points.length * BAR} height={HEIGHT} role="img" aria-label={words}>
        {points.map(({ allowed, denied }, hour) => {
          const up = Math.ceil((allowed / most) * HEIGHT);
          const bad = Math.ceil((denied / most) * HEIGHT);
          return (
            <g key={hour}>
              <rect className="bar-good" x={hour * BAR} width={BAR - 1} y={HEIGHT - up} height={up} />
              <rect
                className="bar-bad"
                x={hour * BAR}
                width={BAR - 1}
                y={Math.max(0, HEIGHT - up - bad)}
                height={bad}
              />
            </g>
          );
        })}
      </svg>
      <span className="quiet" aria-hidden>
        {formatNumber(allowed + denied)}
      </span>
    </span>
  );
}
