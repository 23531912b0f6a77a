import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@nestjs/common';

/** Runs `round` again and again until it is stopped. A round that fails is logged, once for each outage. */
export class RepeatedRounds {
  private readonly stopping = new AbortController();
  private loop: Promise<void> | undefined;
  private isFailing = false;
  private failed = 0;
  wake: () => void = () => undefined;

  /** @param fault the beginning of the line that is logged */
  constructor(
    private readonly round: () => Promise<void>,
    private readonly logger: Logger,
    private readonly fault: string,
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
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) this.logger.warn(`${this.fault}: ${String(error)}`);
      this.isFailing = true;
      this.failed++;
    }
  }
}
