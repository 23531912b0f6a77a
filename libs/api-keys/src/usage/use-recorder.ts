import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { JobsDatabase } from '#database';
import { API_KEYS_OPTIONS, type ApiKeysOptions } from '../api-keys.options.js';
import { UseBatch } from './use-batch.js';
import { UseFlush } from './use-flush.js';

const DEFAULT_FLUSH_INTERVAL_SECONDS = 5;
/** About 30 MB at worst. */
const MAX_KEYS = 50_000;
/** A recorder that stops tries again for so long, should somebody hold the rows of keys. */
const LAST_TRIES_MS = 2_000;
const LAST_PAUSE_MS = 100;

/** How the recorder is doing. */
export interface UseRecorderState {
  /** Keys with uses that are not written yet. */
  waitingKeys: number;
  /** Keys whose uses were written; one counts in every flush that it was in. */
  writtenKeys: number;
  failedFlushes: number;
  /** Requests that will never be counted: there was no room for them while nothing could be written. */
  droppedRequests: number;
}

/**
 * Notes what requests do with their keys: in memory, merged by key, bounded. Nothing is written while a request runs;
 * every few seconds, and when the application stops, all of it goes out. What cannot be written waits for the next flush.
 */
@Injectable()
export class UseRecorder implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(UseRecorder.name);
  private waiting = this.newBatch();
  private readonly writer: UseFlush;
  private underWay: Promise<boolean> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private writtenKeys = 0;
  private failedFlushes = 0;
  private isFailing = false;
  private droppedRequests = 0;

  constructor(
    database: JobsDatabase,
    @Inject(API_KEYS_OPTIONS) private readonly options: ApiKeysOptions,
  ) {
    this.writer = new UseFlush(database, instant, () => this.newBatch());
  }

  get state(): UseRecorderState {
    const { writtenKeys, failedFlushes, droppedRequests } = this;
    return { waitingKeys: this.waiting.size + this.writer.unansweredKeys, writtenKeys, failedFlushes, droppedRequests };
  }

  /**
   * A request of this key was let through.
   * @param ip where it came from
   * @param scopes what its operation needed
   * @param secretNumber which of its secrets was presented
   */
  allowed(apiKeyId: string, ip: string | undefined, scopes: readonly string[], secretNumber: number): void {
    this.waiting.allow(apiKeyId, instant(), ip, scopes, secretNumber);
  }

  /**
   * A request of this key was refused although the key is good: a scope, network or rate stood against it. Counts as
   * no use: the key's last use stays what it was.
   */
  denied(apiKeyId: string): void {
    this.waiting.deny(apiKeyId, instant());
  }

  /** A request presented a secret of this key that has ended: REVOKED_KEY. */
  attemptedAfterRevocation(apiKeyId: string): void {
    this.waiting.attemptAfterRevocation(apiKeyId);
  }

  onApplicationBootstrap(): void {
    const seconds = this.options.flushIntervalSeconds ?? DEFAULT_FLUSH_INTERVAL_SECONDS;
    // A flush that takes longer than the interval is not overtaken: the next turn of the clock takes what has gathered.
    this.timer = setInterval(() => void (this.underWay ?? this.flush()), seconds * 1000);
    this.timer.unref();
  }

  /**
   * Runs once requests have ended and before the database closes. Tries at least twice. What is lost is logged; the
   * process ends as it would have.
   */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    const until = performance.now() + LAST_TRIES_MS;
    for (let tries = 0; tries < 2 || performance.now() < until; tries++) {
      if (await this.flush()) return;
      await sleep(LAST_PAUSE_MS);
    }
    const { size, requests } = this.waiting;
    if (size > 0)
      this.logger.error(`The uses of ${size} API keys, ${requests} requests, could not be written and are lost.`);
    if (this.writer.unansweredKeys > 0)
      this.logger.error(`The uses of ${this.writer.unansweredKeys} API keys may be lost: their COMMIT had no answer.`);
  }

  /**
   * Writes everything noted so far.
   * @returns whether all of it could be written; never rejects
   */
  async flush(): Promise<boolean> {
    while (this.underWay) await this.underWay;
    this.underWay = this.writeAll().finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  private async writeAll(): Promise<boolean> {
    const batch = this.waiting;
    this.waiting = this.newBatch();
    const { writtenKeys, left, failure } = await this.writer.write(batch);
    this.writtenKeys += writtenKeys;
    // What could not be written goes last: the next flush begins with what may well be.
    batch.absorb(this.waiting);
    batch.absorb(left);
    this.waiting = batch;
    if (failure === undefined) {
      if (this.isFailing) this.logger.log('The uses of API keys are written again.');
      this.isFailing = false;
      return left.size === 0;
    }
    this.isFailing = true;
    this.failedFlushes++;
    this.logger.warn(`The uses of ${this.state.waitingKeys} API keys could not be written yet: ${reasonOf(failure)}`);
    return false;
  }

  private newBatch(): UseBatch {
    return new UseBatch(MAX_KEYS, (requests) => {
      this.droppedRequests += requests;
    });
  }
}

/** An outage is told to clients without its cause; the log is to have it. */
function reasonOf(error: unknown): string {
  return String((error instanceof Error && error.cause) || error);
}

/** Milliseconds since 1970 as at the start of the process: unlike `Date`, it never jumps or goes backwards. */
function instant(): number {
  return performance.timeOrigin + performance.now();
}
