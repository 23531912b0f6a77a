import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { LIMITS } from '#kernel';
import { CHANGES, HEARTBEAT_MS, type Listener } from './listening-instance.js';

/**
 * An instance that sends its own heartbeats, as all did before one sent them for all: a connection that listens, and one that sends a
 * heartbeat four times a second. For comparison.
 */
export class BeatingInstance implements Listener {
  heartbeats = 0;
  heardChange: (payload: string) => void = () => undefined;
  private provenUntil = -Infinity;
  private readonly ownChannel = `latchkey_bench_${randomUUID().replaceAll('-', '')}`;
  private sentAt: number | undefined;
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly listener: Client,
    private readonly sender: Client,
  ) {}

  static async start(url: string): Promise<BeatingInstance> {
    const [listener, sender] = [new Client({ connectionString: url }), new Client({ connectionString: url })];
    await Promise.all([listener.connect(), sender.connect()]);
    const instance = new BeatingInstance(listener, sender);
    listener.on('notification', ({ channel, payload = '' }) => {
      if (channel === CHANGES) instance.heardChange(payload);
      else instance.back();
    });
    await listener.query(`listen ${CHANGES}`);
    await listener.query(`listen ${instance.ownChannel}`);
    instance.timer = setInterval(() => instance.beat(), HEARTBEAT_MS);
    return instance;
  }

  get proofAge(): number {
    return performance.now() - this.provenUntil;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.allSettled([this.listener.end(), this.sender.end()]);
  }

  /** Only one is under way at a time. */
  private beat(): void {
    if (this.sentAt !== undefined) return;
    this.sentAt = performance.now();
    this.heartbeats++;
    void this.sender.query(`select pg_notify('${this.ownChannel}', '')`).catch(() => undefined);
  }

  private back(): void {
    this.provenUntil = this.sentAt ?? this.provenUntil;
    this.sentAt = undefined;
  }
}

/** Announces changes, and measures the time until the last instance has heard each. */
export class Announcer {
  private constructor(private readonly client: Client) {}

  static async start(url: string): Promise<Announcer> {
    const client = new Client({ connectionString: url });
    await client.connect();
    return new Announcer(client);
  }

  /** @returns milliseconds from the answer to the commit until every instance has heard of it; 0 for all before the answer */
  async announce(instances: readonly Listener[]): Promise<number> {
    const payload = `key:${randomUUID()}`;
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
    let isLate = false;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        isLate = true;
        resolve();
      }, LIMITS.statementTimeoutMs);
    });
    await Promise.race([heard, late]);
    clearTimeout(timer);
    return isLate ? Infinity : Math.max(0, heardAt - acknowledgedAt);
  }

  stop(): Promise<void> {
    return this.client.end();
  }
}
