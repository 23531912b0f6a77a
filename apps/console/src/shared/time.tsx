import { useSyncExternalStore } from 'react';

const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 60 * MINUTE_MS;
const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 24 * 60 * MINUTE_MS],
  ['month', 30 * 24 * 60 * MINUTE_MS],
  ['day', 24 * 60 * MINUTE_MS],
  ['hour', 60 * MINUTE_MS],
  ['minute', MINUTE_MS],
];
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });

export const formatNumber = (value: number): string => new Intl.NumberFormat().format(value);

/** In the viewer's zone, with the zone's name. */
export const formatInstant = (instant: string | number | Date): string => exact.format(new Date(instant));

/** As an input of the browser has a date: in the viewer's zone. */
export function localOf(instant: string | number): string {
  const date = new Date(instant);
  return new Date(date.getTime() - date.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16);
}

export function relativeTo(now: number, instant: string): string {
  const distance = new Date(instant).getTime() - now;
  if (Math.abs(distance) < MINUTE_MS) return distance < MINUTE_MS / 2 ? 'just now' : 'in a moment';
  const [unit, length] = UNITS.find(([, length]) => Math.abs(distance) >= length) ?? ['minute', MINUTE_MS];
  return relative.format(Math.trunc(distance / length), unit);
}

const onTheMinute = (listener: () => void) => {
  const timer = setInterval(listener, MINUTE_MS / 2);
  return () => clearInterval(timer);
};
const thisMinute = () => Math.floor(Date.now() / (MINUTE_MS / 2)) * (MINUTE_MS / 2);

/** The time to half a minute, so that what is relative stays true. */
export function useNow(): number {
  return useSyncExternalStore(onTheMinute, thisMinute);
}

/** An instant as people say it; exact on hover, with the zone named. */
export function Time({ at, never = 'Never' }: { at: string | null | undefined; never?: string }) {
  const now = useNow();
  if (at == null) return <span className="quiet">{never}</span>;
  const text = relativeTo(now, at);
  return (
    <time dateTime={at} title={formatInstant(at)}>
      {text}
    </time>
  );
}
