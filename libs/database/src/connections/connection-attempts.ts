import { Injectable } from '@nestjs/common';

/** Minimum time between two attempts to reach a server that could not be reached. */
const PAUSE_MS = 400;
/** One failure says little about the server: something between may have cut that connection alone. */
const TELLING_FAILURES = 2;

/**
 * The attempts of all pools of a process to connect to one server. After two failures in a row one client tries, at most every
 * 400 ms, and all others fail at once. Requests get the outage without waiting, and a server that comes back is not flooded.
 */
@Injectable()
export class ConnectionAttempts {
  private failures = 0;
  private last: { error: Error; at: number } | undefined;
  private isTrying = false;

  /**
   * Call before an attempt. @returns the reason for making none
   * @param now an instant of `performance.now()`
   */
  begin(now = performance.now()): Error | undefined {
    if (!this.last || this.failures < TELLING_FAILURES) return undefined;
    if (this.isTrying || now - this.last.at < PAUSE_MS)
      return new Error('The database could not be reached a moment ago.', { cause: this.last.error });
    this.isTrying = true;
    return undefined;
  }

  /** Call after an attempt. @param error null: the server was reached */
  end(error: Error | null, now = performance.now()): void {
    this.isTrying = false;
    this.failures = error ? this.failures + 1 : 0;
    this.last = error ? { error, at: now } : undefined;
  }
}
