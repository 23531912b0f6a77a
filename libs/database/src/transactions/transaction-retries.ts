import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { mayRunAgain } from '../connections/database-errors.js';

/** How often a transaction is run again after its first run. */
const MOST_RETRIES = 3;
/** Waits for a random time: two transactions that collided would collide again if both came back at once. */
const PAUSE_MS = { least: 5, most: 25 };

/** Retries transactions that were rolled back because of a concurrent one: deadlocks, serialization failures. */
@Injectable()
export class TransactionRetries {
  private retries = 0;

  /** Number of retries since the start. */
  get count(): number {
    return this.retries;
  }

  /**
   * @param transaction begins, works and commits. It may run several times, so it keeps nothing of an earlier run: each run gets
   *   a new session, and only reads the variables around it.
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
