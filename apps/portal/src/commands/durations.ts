import { InvalidArgumentError } from 'commander';

const UNIT_SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds. @throws {InvalidArgumentError} unless the text is a number and a unit, such as `12h` */
export function readDuration(text: string): number {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = Number(amount) * (UNIT_SECONDS[unit ?? ''] ?? Number.NaN);
  if (!(seconds >= 0)) throw new InvalidArgumentError('must be a number and one of s, m, h, d, such as 12h.');
  return seconds;
}
