/** Something to verify by, and how many at once it is asked. */
export interface Way {
  name: string;
  work: () => unknown;
  inFlight: readonly number[];
  /** It answers without waiting. */
  isPlain?: boolean;
  /** Waits until it can be measured for so long. */
  ready?: (forMs: number) => Promise<void>;
}

/** The name of a way that `inFlight` requests take at once. */
export const nameAt = (name: string, inFlight: number): string => `${name}, ${inFlight}`;
