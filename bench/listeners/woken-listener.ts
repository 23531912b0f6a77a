import { Client } from 'pg';
import { CHANGES, HEARTBEAT_MS, type Listener } from './listening-instance.js';

const HEARTBEATS = 'latchkey_bench_heartbeats';

/**
 * A connection that listens to heartbeats and changes, and asks nothing. The first listener sends the heartbeats of all. What the server
 * needs for such listeners is what heartbeats alone cost; the questions and the checks of an instance are not in it.
 */
export class WokenListener implements Listener {
  heartbeats = 0;
  heardChange: (payload: string) => void = () => undefined;
  private heardAt = performance.now();
  private timer: NodeJS.Timeout | undefined;

  private constructor(private readonly client: Client) {}

  /** @returns what starts one listener after the other */
  static ofOneSender(url: string): () => Promise<WokenListener> {
    let isSender = true;
    return () => {
      const sends = isSender;
      isSender = false;
      return WokenListener.start(url, sends);
    };
  }

  private static async start(url: string, sends: boolean): Promise<WokenListener> {
    const listener = new WokenListener(new Client({ connectionString: url }));
    const { client } = listener;
    await client.connect();
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel === CHANGES) listener.heardChange(payload);
      else listener.heardAt = performance.now();
    });
    for (const channel of [CHANGES, HEARTBEATS]) await client.query(`listen ${channel}`);
    if (sends) listener.timer = setInterval(() => listener.beat(), HEARTBEAT_MS);
    return listener;
  }

  get proofAge(): number {
    return performance.now() - this.heardAt;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.client.end().catch(() => undefined);
  }

  private beat(): void {
    this.heartbeats++;
    void this.client.query(`select pg_notify('${HEARTBEATS}', '')`).catch(() => undefined);
  }
}
