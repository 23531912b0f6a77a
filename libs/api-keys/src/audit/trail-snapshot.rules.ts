/** Which transactions had ended at a moment, as PostgreSQL's `pg_snapshot`: all below `xmin`, and those below `xmax` not running. */
export interface TrailSnapshot {
  readonly xmin: bigint;
  readonly xmax: bigint;
  /** Ascending. */
  readonly running: readonly bigint[];
}

const TEXT = /^(\d{1,19}):(\d{1,19}):((?:\d{1,19}(?:,\d{1,19})*)?)$/;
const SHORT = /^([\da-z]{1,13}):([\da-z]{1,13})((?:\.[\da-z]{1,13})*)$/;

/** @param text as PostgreSQL prints it: `xmin:xmax:running,…` */
export function readSnapshot(text: string): TrailSnapshot {
  const [, xmin, xmax, running] = TEXT.exec(text) ?? [];
  if (xmin === undefined || xmax === undefined) throw new Error('The text is no snapshot of PostgreSQL.');
  return { xmin: BigInt(xmin), xmax: BigInt(xmax), running: running ? running.split(',').map(BigInt) : [] };
}

export function printSnapshot({ xmin, xmax, running }: TrailSnapshot): string {
  return `${xmin}:${xmax}:${running.join()}`;
}

/** True if what the transaction `xact` wrote could be seen at that moment. */
export function isSeen(xact: bigint, { xmin, xmax, running }: TrailSnapshot): boolean {
  return xact < xmin || (xact < xmax && !running.includes(xact));
}

/** True if `one` was taken before `other`, so that everything seen in `one` is seen in `other`. */
export function isOlder(one: TrailSnapshot, other: TrailSnapshot): boolean {
  return one.xmax < other.xmax || one.running.some((xact) => isSeen(xact, other));
}

/** For cursors: the numbers after the first one are differences, in base 36. */
export function shortSnapshot({ xmin, xmax, running }: TrailSnapshot): string {
  const numbers = running.map((xact) => `.${(xact - xmin).toString(36)}`);
  return `${xmin.toString(36)}:${(xmax - xmin).toString(36)}${numbers.join('')}`;
}

/** Undefined for a text that `shortSnapshot` has not made. */
export function readShortSnapshot(text: string): TrailSnapshot | undefined {
  const [, first, span, list = ''] = SHORT.exec(text) ?? [];
  if (first === undefined || span === undefined) return undefined;
  const xmin = numberOf(first);
  const xmax = xmin + numberOf(span);
  const running = list
    .split('.')
    .slice(1)
    .map((difference) => xmin + numberOf(difference));
  const isOrdered = running.every((xact, index) => xact > (running[index - 1] ?? -1n));
  const isWithin = xmin > 0n && xmax < 2n ** 63n && (running.at(-1) ?? -1n) < xmax;
  return isOrdered && isWithin ? { xmin, xmax, running } : undefined;
}

function numberOf(digits: string): bigint {
  let value = 0n;
  for (const digit of digits) value = value * 36n + BigInt(parseInt(digit, 36));
  return value;
}
