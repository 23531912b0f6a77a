/** How often something happened within a window that began with its first time. */
export interface Tally {
  count: number;
  /** Until the window is over and the count begins anew; never longer than the window. */
  resetMs: number;
}

/** Where counts live. A store that is away throws, and soon. No clock that can be set decides when a window ends. */
export interface LimitStore {
  /** Counts one more and returns the count so far, in one atomic step. */
  count(key: string, windowSeconds: number): Promise<Tally>;
  /**
   * Counts `member` unless this window of `key` has counted it already.
   * @param most members held: from there on the count stays as it is
   */
  countDistinct(key: string, windowSeconds: number, member: string, most: number): Promise<Tally>;
  open(): Promise<void>;
  close(): Promise<void>;
}
