import { Logger } from '@nestjs/common';
import type { JobsDatabase } from '#database';
import { ServiceUnavailable } from '#kernel';
import { UseRecorder } from './use-recorder.js';

const OPTIONS = { prefix: 'mktp', acceptLegacy: false, cacheSize: 0 };
/** A database that is unavailable until the test makes it available. */
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

describe('recorder without a database', () => {
  it('the recorder holds at most 50,000 keys while nothing can be written, and reports the number of dropped requests', async () => {
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

  it('the recorder keeps new uses while nothing can be written, and later writes each key once', async () => {
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
