import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';

const MOST_WORKERS = 64;

/** Reads the value of `--workers`: a number, or `auto` for one worker for each core. */
export function readWorkerCount(text: string): number {
  if (text === 'auto') return Math.min(availableParallelism(), MOST_WORKERS);
  const count = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > MOST_WORKERS)
    throw new InvalidArgumentError(`It must be a number from 1 to ${MOST_WORKERS}, or "auto".`);
  return count;
}
