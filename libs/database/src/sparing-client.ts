import type { Client } from 'pg';
import { ContainedClient } from './contained-client.js';

/** Minimum time between two attempts to reach a server that could not be reached. */
const PAUSE_MS = 400;

type OnConnect = (error: Error | null) => void;

/**
 * Clients of one pool. While the server cannot be reached, one client tries, at most every 400 ms, and all others fail at once.
 * Requests get the outage without waiting, and a server that comes back is not flooded with connections.
 */
export function sparingClient(Base: typeof Client = ContainedClient): typeof Client {
  let failure: { error: Error; at: number } | undefined;
  let isTrying = false;

  const begin = (): Error | undefined => {
    if (!failure) return undefined;
    if (isTrying || performance.now() - failure.at < PAUSE_MS)
      return new Error('The database could not be reached a moment ago.', { cause: failure.error });
    isTrying = true;
    return undefined;
  };
  const end = (error: Error | null): void => {
    isTrying = false;
    failure = error ? { error, at: performance.now() } : undefined;
  };

  class SparingClient extends Base {
    /** The signature by which pools call it. */
    override connect(callback?: unknown): never {
      const done = callback as OnConnect;
      const refusal = begin();
      if (refusal) process.nextTick(done, refusal);
      else
        super.connect((error: Error | null) => {
          end(error);
          done(error);
        });
      return undefined as never;
    }
  }
  return SparingClient;
}
