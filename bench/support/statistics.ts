/** `share` from 0 to 1; NaN of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? NaN;
  const lower = sorted[(sorted.length - 1) >> 1] ?? NaN;
  return (lower + upper) / 2;
}

/** The figures of one thing, a value for each round. */
export interface Figures {
  median: number;
  min: number;
  max: number;
}

export function figuresOf(values: readonly number[]): Figures {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** `over[n] / under[n]`: what was measured in one round stood under the same disturbance. */
export function pairedRatios(over: readonly number[], under: readonly number[]): Figures {
  return figuresOf(over.map((value, round) => value / (under[round] ?? NaN)));
}
