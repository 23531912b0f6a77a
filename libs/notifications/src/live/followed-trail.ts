import { setTimeout as wait } from 'node:timers/promises';
import type { LiveEvent } from '#api-keys';
import { ServiceUnavailable } from '#kernel';
import type { FedEvents, Position, TenantFeed, WaitingReader } from './tenant-feed.js';

const RETRY_MS = 500;
const DONE = { done: true, value: undefined } as const;

/** One reader's way along the trail of a feed. */
export class FollowedTrail implements AsyncIterableIterator<LiveEvent, undefined> {
  private events: readonly LiveEvent[] = [];
  private index = 0;
  private hasLeft = false;
  private stopWaiting: (() => void) | undefined;

  /**
   * @param isBehind true if events may lie behind the position already
   * @param leave called once, when the reader stops
   */
  constructor(
    private position: Position,
    private isBehind: boolean,
    private readonly feed: TenantFeed,
    private readonly leave: () => void,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<LiveEvent, undefined>> {
    while (this.index >= this.events.length && !this.hasLeft)
      await (this.isBehind ? this.catchUp() : this.waitForMore());
    const value = this.hasLeft ? undefined : this.events[this.index++];
    return value ? { done: false, value } : DONE;
  }

  async return(): Promise<IteratorResult<LiveEvent, undefined>> {
    if (this.hasLeft) return DONE;
    this.hasLeft = true;
    this.stopWaiting?.();
    this.leave();
    return DONE;
  }

  private async catchUp(): Promise<void> {
    try {
      const { events, place, wokenBefore, isComplete } = await this.feed.readFor(this.position.place);
      this.isBehind = !isComplete;
      this.take({ events, place, wokenBefore });
    } catch (error) {
      if (!(error instanceof ServiceUnavailable)) throw error;
      await wait(RETRY_MS, undefined, { ref: false });
    }
  }

  private async waitForMore(): Promise<void> {
    const fed = await new Promise<FedEvents | undefined>((resolve) => {
      const reader: WaitingReader = { ...this.position, resolve };
      this.stopWaiting = () => {
        this.feed.forget(reader);
        resolve(undefined);
      };
      this.feed.wait(reader);
    });
    this.stopWaiting = undefined;
    if (!fed) return;
    // A reading that was full ends in the midst of what there is.
    this.isBehind = fed.place.part !== undefined;
    this.take(fed);
  }

  private take({ events, place, wokenBefore }: FedEvents): void {
    this.events = events;
    this.index = 0;
    this.position = { place, wokenBefore };
  }
}
