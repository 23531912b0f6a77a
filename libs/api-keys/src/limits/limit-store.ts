/** How often an event happened within a window. The window begins with the first event. */
export interface Tally {
  count: number;
  /** Time until the window ends and the count starts again; never longer than the window. */
  resetMs: number;
}

/** Where counts are stored. An unavailable store throws soon. The end of a window never depends on a clock that can be set. */
export interface LimitStore {
  /** Adds one and returns the count so far, in one atomic step. */
  count(key: string, windowSeconds: number): Promise<Tally>;
  /**
   * Counts `member` unless this window of `key` has already counted it.
   * @param most maximum number of members held; beyond it the count stays as it is
   */
  countDistinct(key: string, windowSeconds: number, member: string, most: number): Promise<Tally>;
  /** The count so far, without adding; undefined while no window is under way. */
  peek(key: string): Promise<Tally | undefined>;
  open(): Promise<void>;
  close(): Promise<void>;
}
