import type { Client } from 'pg';
import type { ConnectionAttempts } from './connection-attempts.js';
import { ContainedClient } from './contained-client.js';

type OnConnect = (error: Error | null) => void;

/** Clients that connect only when `attempts` lets them. */
export function sparingClient(attempts: ConnectionAttempts, Base: typeof Client = ContainedClient): typeof Client {
  class SparingClient extends Base {
    /** The signature by which pools call it. */
    override connect(callback?: unknown): never {
      const done = callback as OnConnect;
      const refusal = attempts.begin();
      if (refusal) process.nextTick(done, refusal);
      else
        super.connect((error: Error | null) => {
          attempts.end(error);
          done(error);
        });
      return undefined as never;
    }
  }
  return SparingClient;
}
