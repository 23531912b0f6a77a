import { ConnectionPools, InvalidationChannel, VerifierDatabase } from '#database';
import { ConnectionAttempts, LeadingServer, RecentPositions } from '#database/testing';
import { SCHEMA } from '../../mikro-orm.config.js';

/** The channel of changes of keys. */
export const CHANGES = 'latchkey_changes';
/** As in the invalidation channel. */
export const HEARTBEAT_MS = 250;

/** An instance, as far as the fan-out of notifications is concerned. */
export interface Listener {
  /** Called with each announced change. */
  heardChange: (payload: string) => void;
  /** Milliseconds since the last instant before which every committed change is known. A lease is 1,500. */
  readonly proofAge: number;
  /** Heartbeats sent so far. */
  readonly heartbeats: number;
  stop(): Promise<void>;
}

/** The invalidation channel of the application, and the path of lookups that proves it. */
export class ListeningInstance implements Listener {
  heardChange: (payload: string) => void = () => undefined;

  private constructor(
    private readonly channel: InvalidationChannel,
    private readonly verifier: VerifierDatabase,
  ) {
    channel.subscribe((change) => {
      if (change.kind === 'key') for (const id of change.names) this.heardChange(`key:${id}`);
    });
  }

  static async start(url: string): Promise<ListeningInstance> {
    const options = { url, ...SCHEMA };
    const [servers, pools] = [new LeadingServer(), new ConnectionPools()];
    const verifier = new VerifierDatabase(
      options,
      false,
      pools,
      servers,
      new ConnectionAttempts(),
      new RecentPositions(),
    );
    await verifier.onApplicationBootstrap();
    const instance = new ListeningInstance(new InvalidationChannel(options, verifier, servers), verifier);
    instance.channel.onApplicationBootstrap();
    return instance;
  }

  get proofAge(): number {
    return performance.now() - this.channel.reportedUntil;
  }

  get heartbeats(): number {
    return this.channel.heartbeats;
  }

  async stop(): Promise<void> {
    await Promise.allSettled([this.channel.onApplicationShutdown(), this.verifier.onApplicationShutdown()]);
  }
}
