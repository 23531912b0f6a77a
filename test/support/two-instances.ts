import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestPortal } from './test-portal.js';

export interface TwoInstances {
  one: TestPortal;
  other: TestPortal;
  stop(): Promise<void>;
}

/** Two instances of the application on one database. Both take the sessions of either. */
export async function startTwoInstances(): Promise<TwoInstances> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'latchkey-two-'));
  const one = await TestPortal.start({ config: { dataDirectory } });
  const other = await TestPortal.start({ config: { dataDirectory }, database: one.database });
  const stop = async () => {
    await other.stop();
    await one.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  };
  return { one, other, stop };
}
