import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { JobsDatabase } from '#database';
import { API_KEYS_OPTIONS, type ApiKeysOptions } from '../api-keys.options.js';
import { UseBatch } from './use-batch.js';
import { UseFlush } from './use-flush.js';

const DEFAULT_FLUSH_INTERVAL_SECONDS = 5;
/** About 30 MB at worst, and 70 MB if each key is used from ten addresses between two flushes. */
const MAX_KEYS = 50_000;
/** How long a stopping recorder keeps trying while other transactions hold the rows of its keys. */
const LAST_TRIES_MS = 2_000;
const LAST_PAUSE_MS = 100;

/** The state of the recorder. */
export interface UseRecorderState {
  /** Number of keys with uses that are not written yet. */
  waitingKeys: number;
  /** Keys whose uses were written. A key counts once in every flush that wrote it. */
  writtenKeys: number;
  failedFlushes: number;
  /** Requests that will never be counted: there was no room for them while nothing could be written. */
  droppedRequests: number;
}

/**
 * Records the uses of keys in memory, merged by key and bounded. Nothing is written while a request runs. All uses are written
 * every few seconds, and when the application stops. Uses that cannot be written wait for the next flush.
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
   * Records an accepted request of this key.
   * @param ip the address of the client
   * @param scopes the scopes that its operation needed
   * @param secretNumber the number of the presented secret
   */
  allowed(apiKeyId: string, ip: string | undefined, scopes: readonly string[], secretNumber: number): void {
    this.waiting.allow(apiKeyId, instant(), ip, scopes, secretNumber);
  }

  /**
   * Records a request that was refused although the key is good, because of a scope, a network or the rate. This is no use: the
   * key's last use stays unchanged.
   */
  denied(apiKeyId: string): void {
    this.waiting.deny(apiKeyId, instant());
  }

  /** Records a request that presented an ended secret of this key: REVOKED_KEY. */
  attemptedAfterRevocation(apiKeyId: string): void {
    this.waiting.attemptAfterRevocation(apiKeyId);
  }

  onApplicationBootstrap(): void {
    const seconds = this.options.flushIntervalSeconds ?? DEFAULT_FLUSH_INTERVAL_SECONDS;
    // Flushes never overlap: after a flush that takes longer than the interval, the next tick writes the uses collected
    // meanwhile.
    this.timer = setInterval(() => void (this.underWay ?? this.flush()), seconds * 1000);
    this.timer.unref();
  }

  /**
   * Runs after the last request has ended and before the database closes. Tries at least twice. Lost uses are logged; the process
   * still ends as usual.
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
   * Writes all uses recorded so far.
   * @returns whether all uses could be written; never rejects
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
    // Uses that could not be written go last, so that the next flush begins with uses that probably can.
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

/** Clients see an outage without its cause; the log needs the cause. */
function reasonOf(error: unknown): string {
  return String((error instanceof Error && error.cause) || error);
}

/** Milliseconds since 1970, based on the start of the process. Unlike `Date`, this clock never jumps or goes backwards. */
function instant(): number {
  return performance.timeOrigin + performance.now();
}
