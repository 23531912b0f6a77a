import { setTimeout as wait } from 'node:timers/promises';
import type { OutageLines } from '#kernel';

/** Runs `round` again and again until it is stopped. */
export class RepeatedRounds {
  private readonly stopping = new AbortController();
  private loop: Promise<void> | undefined;
  private failed = 0;
  wake: () => void = () => undefined;

  constructor(
    private readonly round: () => Promise<void>,
    private readonly outage: OutageLines,
  ) {}

  get failures(): number {
    return this.failed;
  }

  get isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  /** @param pauseMs from the end of a round to the next; `wake` ends the pause */
  start(pauseMs: number): void {
    this.loop = this.run(pauseMs);
  }

  /** Resolves once no round is under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.loop;
  }

  private async run(pauseMs: number): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      await this.attempt();
      await Promise.race([woken, wait(pauseMs, undefined, { ref: false, signal }).catch(() => undefined)]);
    }
  }

  private async attempt(): Promise<void> {
    try {
      await this.round();
      this.outage.worked();
    } catch (error) {
      this.outage.failed(error);
      this.failed++;
    }
  }
}
