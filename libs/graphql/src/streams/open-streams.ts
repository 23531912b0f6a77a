import { setTimeout as wait } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { LIMITS, ServiceUnavailable } from '#kernel';
import type { EventStream, StreamEnd } from './event-stream.js';
import { TooManyStreams } from './too-many-streams.js';

const { perPrincipal, perInstance, heartbeatMs, reconnectMs } = LIMITS.streams;
const RETRY_AFTER_SECONDS = 5;

/** A place for one stream, from before its operation runs until its answer has ended. */
export interface StreamPlace {
  /** The stream of this place, which gets heartbeats and is drained from now on. */
  take(stream: EventStream): void;
  /** Without a stream: the operation was refused. */
  release(): void;
}

/** The open streams of this process. */
@Injectable()
export class OpenStreams implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** Streams since the start, by the way they ended. */
  readonly ended: Record<StreamEnd, number> = { complete: 0, credential: 0, failed: 0, drained: 0, slow: 0, gone: 0 };
  /** Streams that were refused for want of a place. */
  refused = 0;
  private readonly streams = new Set<EventStream>();
  private readonly places = new Map<string, number>();
  private taken = 0;
  private isDraining = false;
  private timer: NodeJS.Timeout | undefined;

  /** Open streams, and operations that are about to be streams. */
  get count(): number {
    return this.taken;
  }

  /**
   * @param holder the principal whose streams are counted together
   * @throws {TooManyStreams} when the principal has too many streams here
   * @throws {ServiceUnavailable} when this process has too many, or is about to stop
   */
  reserve(holder: string): StreamPlace {
    const held = this.places.get(holder) ?? 0;
    const refusal = this.refusalFor(held);
    if (refusal) {
      this.refused++;
      throw refusal;
    }
    this.places.set(holder, held + 1);
    this.taken++;
    let isReleased = false;
    const release = () => {
      if (isReleased) return;
      isReleased = true;
      this.taken--;
      const left = (this.places.get(holder) ?? 1) - 1;
      if (left > 0) this.places.set(holder, left);
      else this.places.delete(holder);
    };
    return { release, take: (stream) => this.take(stream, release) };
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      for (const stream of this.streams) stream.heartbeat();
    }, heartbeatMs).unref();
  }

  /** Ends every stream with a hint to connect again, soon and not all at once; new ones are refused. */
  async drain(): Promise<void> {
    this.isDraining = true;
    for (const stream of this.streams)
      stream.leave(reconnectMs.min + Math.random() * (reconnectMs.max - reconnectMs.min));
    // The last bytes go out before connections are closed.
    const deadline = performance.now() + LIMITS.streams.drainMs;
    while (this.taken > 0 && performance.now() < deadline) await wait(10);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.drain();
    clearInterval(this.timer);
  }

  private refusalFor(held: number): TooManyStreams | ServiceUnavailable | undefined {
    if (this.isDraining || this.taken >= perInstance)
      return new ServiceUnavailable({
        cause: new Error('There are too many streams, or the process stops.'),
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    return held >= perPrincipal ? new TooManyStreams(perPrincipal) : undefined;
  }

  private take(stream: EventStream, release: () => void): void {
    this.streams.add(stream);
    const closed = () => {
      this.streams.delete(stream);
      this.ended[stream.end ?? 'gone']++;
      release();
    };
    if (stream.body.closed) closed();
    else stream.body.once('close', closed);
    if (this.isDraining) stream.leave(reconnectMs.min);
  }
}
