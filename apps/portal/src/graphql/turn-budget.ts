import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Time that executions may use in one turn of the event loop before the next execution has to wait, in milliseconds. */
const MOST_MS = 5;

/**
 * Spreads executions over turns of the event loop. Requests that waited for the same lookup go on in the same turn, and without
 * this budget health checks, heartbeats and other requests would wait for all of them.
 */
export class TurnBudget {
  private turn = -1;
  private beganAt = -Infinity;
  private waiting = 0;

  /**
   * @param now a monotonic clock, in milliseconds
   * @param turnOf the number of the present turn
   */
  constructor(
    private readonly mostMs = MOST_MS,
    private readonly now: () => number = () => performance.now(),
    private readonly turnOf: () => number = () => performance.nodeTiming.uvMetricsInfo.loopCount,
  ) {}

  /** Runs a piece of work in this turn, or in the first later turn that has time left after all pieces that came before. */
  spend<T>(work: () => T): T | Promise<Awaited<T>> {
    return this.waiting === 0 && this.isLeft() ? work() : this.inLaterTurn(work);
  }

  private async inLaterTurn<T>(work: () => T): Promise<Awaited<T>> {
    this.waiting++;
    do await nextTurn();
    while (!this.isLeft());
    this.waiting--;
    return await work();
  }

  private isLeft(): boolean {
    const now = this.now();
    if (now - this.beganAt < this.mostMs) return true;
    const turn = this.turnOf();
    if (turn === this.turn) return false;
    this.turn = turn;
    this.beganAt = now;
    return true;
  }
}
