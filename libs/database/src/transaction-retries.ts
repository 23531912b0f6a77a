import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { mayRunAgain } from './database-errors.js';

/** So often a transaction is run again, after its first time. */
const MOST_RETRIES = 3;
/** Who met once would meet again, if both came back at once. */
const PAUSE_MS = { least: 5, most: 25 };

/** Runs transactions again that were rolled back for the sake of another: deadlocks, serialization failures. */
@Injectable()
export class TransactionRetries {
  private retries = 0;

  /** Transactions run again since the start. */
  get count(): number {
    return this.retries;
  }

  /**
   * @param transaction begins, works and commits. It may be run again, so it keeps nothing of a former run: its session
   *   is a new one each time, and what it closes over it only reads.
   * @throws the last failure, as the database gave it
   */
  async run<Result>(transaction: () => Promise<Result>): Promise<Result> {
    for (let retry = 1; ; retry++) {
      try {
        return await transaction();
      } catch (error) {
        if (retry > MOST_RETRIES || !mayRunAgain(error)) throw error;
      }
      this.retries++;
      await sleep(retry * (PAUSE_MS.least + Math.random() * (PAUSE_MS.most - PAUSE_MS.least)));
    }
  }
}
