/**
 * The number that a JSON or GraphQL text stands for, or NaN where parsing would change the value: 1e-400 would become 0, and
 * digits beyond the seventeenth would be rounded.
 */
export function exactNumber(text: string): number {
  const value = Number(text);
  return Number.isFinite(value) && decimalOf(text) === decimalOf(String(value)) ? value : Number.NaN;
}

/** One canonical form for each decimal number, whatever its zeros and its exponent. */
function decimalOf(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return `${sign}0`;
  return `${sign}${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`;
}
