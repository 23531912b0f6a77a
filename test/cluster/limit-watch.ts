import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../support/faults/load.js';
import { askLimited, type Outcome } from '../support/limited-requests.js';
import { until } from '../support/until.js';

/** Pause of a client between an answer and its next request. */
const PAUSE_MS = 40;
/** The most requests whose count comes too late on a busy machine, as a part of the limit. */
const LATE = 0.1;

/** Clients of one key, one at each instance, who note what its limit does. */
export class LimitWatch {
  private readonly seen: { at: number; outcome: Outcome }[] = [];
  private readonly last = new Map<Target, Outcome>();
  private isStopped = false;
  private readonly running: Promise<void>[];

  constructor(
    private readonly targets: readonly Target[],
    private readonly secret: string,
    /** Requests that were admitted before. */
    private readonly used: number,
  ) {
    this.running = targets.map((target) => this.ask(target));
  }

  count(outcome: Outcome, { after = 0, before = Infinity } = {}): number {
    return this.seen.filter((one) => one.outcome === outcome && one.at > after && one.at < before).length;
  }

  /** Requests that were admitted, all in all. */
  get admitted(): number {
    return this.used + this.count('ADMITTED');
  }

  /** When a request was last let through uncounted. */
  get liftedAt(): number {
    return this.seen.findLast(({ outcome }) => outcome === 'UNCOUNTED')?.at ?? NaN;
  }

  /** Expects that as many requests were admitted as the limit allows. */
  expectExact(limit: number): void {
    const uncounted = this.count('UNCOUNTED');
    expect(uncounted).toBeLessThan(LATE * limit);
    expect(this.admitted).toBeLessThanOrEqual(limit);
    expect(this.admitted + uncounted).toBeGreaterThanOrEqual(limit);
  }

  /** Waits until the last answer of every instance is one of these. */
  async all(...outcomes: Outcome[]): Promise<void> {
    await until(`the last answers are ${outcomes.join(' or ')}`, () =>
      this.targets.every((target) => outcomes.some((outcome) => this.last.get(target) === outcome)),
    );
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.running);
  }

  private async ask(target: Target): Promise<void> {
    while (!this.isStopped) {
      const outcome = await askLimited(target, this.secret);
      this.seen.push({ at: performance.now(), outcome });
      this.last.set(target, outcome);
      await sleep(PAUSE_MS);
    }
  }
}
