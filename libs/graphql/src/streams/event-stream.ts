import { Readable } from 'node:stream';
import { LIMITS } from '#kernel';
import { COMPLETE, HEARTBEAT, nextEvent, placeEvent, reconnectHint } from './event-stream.format.js';

/** Why a stream ended. `gone`: the client closed it. */
export type StreamEnd = 'complete' | 'credential' | 'failed' | 'drained' | 'slow' | 'gone';

/**
 * The body of one answer that goes on. Unread bytes wait here, up to a bound. A writer waits for room, and a client that does not
 * read for too long is cut off: it loses nothing, because it can go on from the last event that it read.
 */
export class EventStream {
  readonly body: Readable;
  /** Undefined while the stream is open. */
  end: StreamEnd | undefined;
  private readonly closed = new AbortController();
  private room: (() => void) | undefined;

  /** @param stallMs how long a client may leave the waiting bytes unread */
  constructor(private readonly stallMs: number = LIMITS.answers.stallMs) {
    this.body = new Readable({
      highWaterMark: LIMITS.streams.unreadBytes,
      read: () => this.room?.(),
    });
    this.body.once('close', () => this.close('gone'));
    // Proxies pass the head of the answer on with its first bytes.
    this.body.push(HEARTBEAT);
  }

  /** Aborted when the stream is over, for whatever reason. */
  get signal(): AbortSignal {
    return this.closed.signal;
  }

  /** Writes one result. Ends when there is room for the next one. */
  async next(result: string, id?: string): Promise<void> {
    if (this.end !== undefined || this.body.push(nextEvent(result, id))) return;
    await this.drained();
  }

  /** Writes where the client may go on from, without a result. */
  place(id: string): void {
    if (this.end === undefined) this.body.push(placeEvent(id));
  }

  heartbeat(): void {
    // A client that reads nothing needs no proof of life.
    if (this.end === undefined && this.body.readableLength < LIMITS.streams.unreadBytes) this.body.push(HEARTBEAT);
  }

  /** @param last a result to be written before the end */
  complete(end: StreamEnd, last?: string): void {
    if (this.end !== undefined) return;
    this.body.push(`${last === undefined ? '' : nextEvent(last)}${COMPLETE}`);
    this.finish(end);
  }

  /** Ends the answer but not the subscription: the client connects again, to another instance. */
  leave(afterMs: number): void {
    if (this.end !== undefined) return;
    this.body.push(reconnectHint(afterMs));
    this.finish('drained');
  }

  /** Ends at once, with its connection. */
  cut(end: StreamEnd): void {
    this.close(end);
    this.body.destroy();
  }

  private finish(end: StreamEnd): void {
    this.body.push(null);
    this.close(end);
    // The last bytes must be read in time, too.
    const timer = setTimeout(() => this.body.destroy(), this.stallMs).unref();
    this.body.once('close', () => clearTimeout(timer));
  }

  private close(end: StreamEnd): void {
    this.end ??= end;
    this.room?.();
    this.closed.abort();
  }

  private async drained(): Promise<void> {
    const timer = setTimeout(() => this.cut('slow'), this.stallMs).unref();
    await new Promise<void>((resolve) => (this.room = resolve));
    this.room = undefined;
    clearTimeout(timer);
  }
}
