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
  const { first, others, stop } = await startInstances(2);
  const [other] = others;
  if (!other) throw new Error('There is no second instance.');
  return { one: first, other, stop };
}

/** Instances of the application on one database. Each takes the sessions of every other. */
export async function startInstances(
  count: number,
): Promise<{ first: TestPortal; others: TestPortal[]; stop: () => Promise<void> }> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'latchkey-instances-'));
  const first = await TestPortal.start({ config: { dataDirectory } });
  const others: TestPortal[] = [];
  while (others.length < count - 1)
    others.push(await TestPortal.start({ config: { dataDirectory }, database: first.database }));
  const stop = async () => {
    for (const instance of [...others, first]) await instance.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  };
  return { first, others, stop };
}
