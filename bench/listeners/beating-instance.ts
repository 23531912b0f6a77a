import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { LIMITS } from '#kernel';

const CHANGES = 'latchkey_bench_changes';
const BEATS = 'latchkey_bench_beats';

/** Who sends heartbeats: each instance its own, as the invalidation channel does, or one instance those of all. */
export type Beating = 'own' | 'shared';

/** The part of an instance that fan-out depends on: a connection that listens, and one that sends a heartbeat four times a second. */
export class BeatingInstance {
  /** Milliseconds from the sending of each heartbeat until it was back. */
  lags: number[] = [];
  heardChange: (payload: string) => void = () => undefined;
  private readonly ownChannel = `latchkey_bench_${randomUUID().replaceAll('-', '')}`;
  private sentAt: number | undefined;
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly beating: Beating,
    private readonly isBeating: boolean,
    private readonly listener: Client,
    private readonly sender: Client,
  ) {}

  /** @param isFirst with shared heartbeats, the first instance sends them */
  static async start(url: string, beating: Beating, isFirst: boolean): Promise<BeatingInstance> {
    const [listener, sender] = [new Client({ connectionString: url }), new Client({ connectionString: url })];
    await Promise.all([listener.connect(), sender.connect()]);
    const instance = new BeatingInstance(beating, beating === 'own' || isFirst, listener, sender);
    listener.on('notification', ({ channel, payload = '' }) => {
      if (channel === CHANGES) instance.heardChange(payload);
      else instance.back();
    });
    await listener.query(`listen ${CHANGES}`);
    await listener.query(`listen ${beating === 'own' ? instance.ownChannel : BEATS}`);
    // Instances start at any time: their heartbeats do not come at once.
    setTimeout(() => {
      instance.timer = setInterval(() => instance.beat(), HEARTBEAT_MS);
    }, Math.random() * HEARTBEAT_MS);
    return instance;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.allSettled([this.listener.end(), this.sender.end()]);
  }

  /** Only one is under way at a time, as in the channel. */
  private beat(): void {
    if (this.sentAt !== undefined) return;
    this.sentAt = performance.now();
    const channel = this.beating === 'own' ? this.ownChannel : BEATS;
    // Where another instance sends the heartbeats, this one asks which server it has reached.
    const text = this.isBeating ? `select pg_notify('${channel}', '')` : 'select pg_postmaster_start_time()';
    void this.sender.query(text).catch(() => undefined);
  }

  private back(): void {
    if (this.sentAt === undefined) return;
    this.lags.push(performance.now() - this.sentAt);
    this.sentAt = undefined;
  }
}

/** As in the invalidation channel. */
const HEARTBEAT_MS = 250;

/** Announces changes, and measures the time until the last instance has heard each. */
export class Announcer {
  private constructor(private readonly client: Client) {}

  static async start(url: string): Promise<Announcer> {
    const client = new Client({ connectionString: url });
    await client.connect();
    return new Announcer(client);
  }

  /** @returns milliseconds from the answer to the commit until every instance has heard of it; 0 for all before the answer */
  async announce(instances: readonly BeatingInstance[]): Promise<number> {
    const payload = randomUUID();
    let heardAt = 0;
    const heard = Promise.all(
      instances.map(
        (instance) =>
          new Promise<void>((resolve) => {
            instance.heardChange = (text) => {
              if (text !== payload) return;
              heardAt = performance.now();
              resolve();
            };
          }),
      ),
    );
    await this.client.query(`select pg_notify('${CHANGES}', '${payload}')`);
    const acknowledgedAt = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, LIMITS.statementTimeoutMs)));
    await Promise.race([heard, late]);
    clearTimeout(timer);
    return heardAt === 0 ? Infinity : Math.max(0, heardAt - acknowledgedAt);
  }

  stop(): Promise<void> {
    return this.client.end();
  }
}
