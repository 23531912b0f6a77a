import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { JobsDatabase } from '#database';
import { API_KEYS_OPTIONS, type ApiKeysOptions } from '../api-keys.options.js';
import { normalisedAddress } from '../limits/networks.rules.js';
import { type KeyUseRow, UseBatch } from './use-batch.js';
import { writeUses } from './use-writer.js';

const DEFAULT_FLUSH_INTERVAL_SECONDS = 5;
/** About 30 MB at worst. */
const MAX_KEYS = 50_000;
/** A statement locks the rows of its keys: one of more keys would keep a revocation waiting. */
const KEYS_PER_STATEMENT = 2_000;

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
 * every few seconds, and when the application stops, all of it goes out, in one statement where it is of 2,000 keys at
 * most. A flush that fails hurts nobody: what it held waits for the next one.
 */
@Injectable()
export class UseRecorder implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(UseRecorder.name);
  private waiting = this.newBatch();
  private underWay: Promise<boolean> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private writtenKeys = 0;
  private failedFlushes = 0;
  private droppedRequests = 0;

  constructor(
    private readonly database: JobsDatabase,
    @Inject(API_KEYS_OPTIONS) private readonly options: ApiKeysOptions,
  ) {}

  get state(): UseRecorderState {
    const { writtenKeys, failedFlushes, droppedRequests } = this;
    return { waitingKeys: this.waiting.size, writtenKeys, failedFlushes, droppedRequests };
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

  /** Runs once requests have ended and before the database closes. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    const isWritten = (await this.flush()) || (await this.flush());
    if (!isWritten) this.logger.error(`The uses of ${this.waiting.size} API keys could not be written and are lost.`);
  }

  /**
   * Writes everything noted so far.
   * @returns whether it could; never rejects
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
    while (batch.size > 0) {
      const part = batch.take(KEYS_PER_STATEMENT);
      try {
        await this.database.writeQuietly((session) => writeUses(session, part.rows(instant()).map(withKnownAddress)));
        this.writtenKeys += part.size;
      } catch (error) {
        this.failedFlushes++;
        batch.absorb(part);
        batch.absorb(this.waiting);
        this.waiting = batch;
        this.logger.warn(`The uses of ${batch.size} API keys could not be written yet: ${reasonOf(error)}`);
        return false;
      }
    }
    return true;
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

/** An address can be whatever a proxy wrote: anything else than an address could make the whole statement fail. */
function withKnownAddress(row: KeyUseRow): KeyUseRow {
  const ip = normalisedAddress(row.ip ?? undefined);
  return { ...row, ip: ip === 'unknown' ? null : ip };
}
