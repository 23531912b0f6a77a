import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { LiveBatch, LiveTrail, TrailPlace } from '#api-keys';
import type { TenantBound } from '#database';
import { ServiceUnavailable } from '#kernel';

/** Wake-ups within this time share one reading. */
const GATHER_MS = 15;
/** A reading that failed is tried again after this time. */
const RETRY_MS = 500;

/** Where a reader stands, with the number of wake-ups before the reading that led there began. */
export interface Position {
  place: TrailPlace;
  wokenBefore: number;
}

/** What a reader gets: at least one event, and where it stands then. */
export interface FedEvents extends Position {
  events: LiveBatch['events'];
}

/** A reader at the end of the trail. */
export interface WaitingReader extends Position {
  resolve(fed: FedEvents): void;
}

/**
 * The audit trail of one tenant for all streams that follow it: of all its keys, or of the keys of one member. A wake-up causes one
 * reading for all readers that wait, whatever their number. A reader that is busy with earlier events waits later, and then gets
 * what came meanwhile.
 */
export class TenantFeed {
  /** Streams that use the feed. */
  followers = 0;
  /** Wake-ups so far. A reading finds everything that was committed before the wake-ups before it. */
  woken = 0;
  private readonly logger = new Logger(TenantFeed.name);
  private readonly waiting = new Set<WaitingReader>();
  private isReading = false;

  constructor(
    private readonly by: TenantBound,
    private readonly trail: LiveTrail,
  ) {}

  /** Events may have been committed. */
  wake(): void {
    this.woken++;
    this.readForAll();
  }

  /** Calls `reader.resolve` once, when there are events behind its place. */
  wait(reader: WaitingReader): void {
    this.waiting.add(reader);
    if (this.isBehind(reader)) this.readForAll();
  }

  forget(reader: WaitingReader): void {
    this.waiting.delete(reader);
  }

  /** Reads for one reader that is far behind the others. @throws {ServiceUnavailable} */
  async readFor(place: TrailPlace): Promise<LiveBatch & Position> {
    const wokenBefore = this.woken;
    const batch = (await this.trail.read(this.by, [place])).after(place);
    return { ...batch, place: batch.next, wokenBefore };
  }

  private isBehind({ wokenBefore }: Position): boolean {
    return wokenBefore < this.woken;
  }

  private readForAll(): void {
    if (!this.isReading && this.waiting.size > 0) void this.readWhileBehind();
  }

  private async readWhileBehind(): Promise<void> {
    this.isReading = true;
    while ([...this.waiting].some((reader) => this.isBehind(reader))) {
      await wait(GATHER_MS);
      await this.readOnce([...this.waiting]);
    }
    this.isReading = false;
  }

  private async readOnce(readers: readonly WaitingReader[]): Promise<void> {
    if (readers.length === 0) return;
    const wokenBefore = this.woken;
    const places = readers.map(({ place }) => place);
    try {
      const reading = await this.trail.read(this.by, places);
      const waiting = readers.filter((reader) => this.waiting.has(reader));
      for (const reader of waiting) this.advance(reader, reading.after(reader.place), wokenBefore);
    } catch (error) {
      // While the database is away, the streams stay, and so do their places.
      if (!(error instanceof ServiceUnavailable)) this.logger.error(error);
      await wait(RETRY_MS, undefined, { ref: false });
    }
  }

  private advance(reader: WaitingReader, { events, next, isComplete }: LiveBatch, wokenBefore: number): void {
    if (events.length > 0) {
      this.waiting.delete(reader);
      reader.resolve({ events, place: next, wokenBefore });
    } else if (isComplete) Object.assign(reader, { place: next, wokenBefore });
  }
}
