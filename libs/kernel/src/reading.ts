/** Labels and value of one series. */
export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** A metric: numbers that the code keeps anyway, read at each scrape, at no cost before. */
export interface Reading {
  /** The metric's name. A name that ends in `_total` is a counter and only grows; any other is a gauge. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  readonly read: () => readonly Sample[];
}

/** A metric with one value and no labels. */
export const single = (value: number): readonly Sample[] => [[{}, value]];

/** A series for each outcome. */
export const byOutcome = (counts: Readonly<Record<string, number>>): readonly Sample[] =>
  Object.entries(counts).map(([outcome, count]) => [{ outcome }, count]);
