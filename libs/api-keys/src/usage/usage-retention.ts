import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { JobsDatabase } from '#database';
import { MOVE_OLD_HOURS, REMOVE_OLD_BATCHES, REMOVE_OLD_DAYS } from './usage-retention.sql.js';

const HOUR_MS = 3_600_000;
/** Not at once: the start has more urgent work, and instances that start together should not run this together. */
const FIRST_RUN_MS = { from: 30_000, to: 90_000 };

/** Enforces the retention of use counts, soon after the start and every hour. Safe on every instance. */
@Injectable()
export class UsageRetention implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(UsageRetention.name);
  /** Number of runs since the start. */
  readonly runs = { done: 0, failed: 0 };
  private timer: NodeJS.Timeout | undefined;
  private underWay: Promise<void> | undefined;
  private isStopping = false;

  constructor(private readonly database: JobsDatabase) {}

  onApplicationBootstrap(): void {
    this.schedule(FIRST_RUN_MS.from + Math.random() * (FIRST_RUN_MS.to - FIRST_RUN_MS.from));
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    await this.underWay;
  }

  /** Moves and deletes every row that is due. @throws {ServiceUnavailable} when the database is unavailable or too slow */
  async run(): Promise<void> {
    for (const statement of [MOVE_OLD_HOURS, REMOVE_OLD_DAYS, REMOVE_OLD_BATCHES]) {
      let rows = 1n;
      while (rows > 0n && !this.isStopping)
        rows = await this.database.writeQuietly(
          async (session) => (await statement.execute(session)).numAffectedRows ?? 0n,
        );
    }
    this.runs.done++;
  }

  private schedule(delayMs: number): void {
    this.timer = setTimeout(() => {
      this.underWay = this.run()
        .catch((error: unknown) => {
          this.runs.failed++;
          this.logger.warn(`Old counts of use could not be deleted: ${String(error)}`);
        })
        .finally(() => {
          if (!this.isStopping) this.schedule(HOUR_MS);
        });
    }, delayMs);
    this.timer.unref();
  }
}
