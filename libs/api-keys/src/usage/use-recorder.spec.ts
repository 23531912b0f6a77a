import { Logger } from '@nestjs/common';
import type { JobsDatabase } from '#database';
import { ServiceUnavailable } from '#kernel';
import { UseRecorder } from './use-recorder.js';

const OPTIONS = { prefix: 'mktp', acceptLegacy: false, cacheSize: 0 };
/** A database that is away until told otherwise. */
class Outage {
  isOver = false;
  statements = 0;

  async writeQuietly(): Promise<void> {
    if (!this.isOver) throw new ServiceUnavailable({ cause: new Error('away') });
    this.statements++;
  }
}
const recorderOn = (database: Outage) => new UseRecorder(database as unknown as JobsDatabase, OPTIONS);

beforeAll(() => Logger.overrideLogger(false));

describe('the recorder, while nothing can be written,', () => {
  it('holds 50,000 keys at most, and tells how many requests it had to let go', async () => {
    const recorder = recorderOn(new Outage());
    for (let round = 0; round < 4; round++) {
      for (let key = 0; key < 30_000; key++) recorder.allowed(`${round}-${key}`, '10.0.0.1', ['devices:read'], 1);
      expect(await recorder.flush()).toBe(false);
    }
    const { waitingKeys, failedFlushes, droppedRequests } = recorder.state;
    expect(failedFlushes).toBe(4);
    expect(waitingKeys).toBeLessThanOrEqual(50_000);
    expect(waitingKeys).toBeGreaterThan(45_000);
    expect(waitingKeys + droppedRequests).toBe(120_000);
  });

  it('keeps what comes while it tries, and then opens and writes each key once', async () => {
    const database = new Outage();
    const recorder = recorderOn(database);
    recorder.allowed('before', undefined, [], 1);
    const trying = recorder.flush();
    recorder.allowed('meanwhile', undefined, [], 1);
    expect(await trying).toBe(false);
    expect(recorder.state.waitingKeys).toBe(2);
    database.isOver = true;
    expect(await recorder.flush()).toBe(true);
    expect(await recorder.flush()).toBe(true);
    expect([recorder.state.waitingKeys, database.statements]).toEqual([0, 2]);
  });
});
