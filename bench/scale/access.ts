/** Which of all stored keys are asked for. */
export interface Access {
  name: string;
  /** @returns the next number, from 1 to `stored` */
  over: (stored: number) => () => number;
}

/** A prime, so that popular keys do not lie beside each other in the table. */
const SCATTER = 7_919;

export const ACCESSES: readonly Access[] = [
  { name: 'uniform', over: (stored) => () => 1 + Math.floor(Math.random() * stored) },
  { name: 'Zipf', over: zipf },
];

/** Zipf's law with exponent 1, by the inverse of its continuous form: the rank is `stored ^ random`. */
function zipf(stored: number): () => number {
  return () => {
    const rank = Math.min(stored, Math.floor(stored ** Math.random()));
    return 1 + ((rank * SCATTER) % stored);
  };
}
