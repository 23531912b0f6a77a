import { randomUUID } from 'node:crypto';
import { Socket } from 'node:net';
import { Client } from 'pg';
import { CHANGES_CHANNEL } from './change.js';
import { poolConfig } from './pool-settings.js';
import type { VerifierDatabase } from './verifier-database.js';

const END_MS = 500;

interface LinkEvents {
  /** Once, or more often: the connection is of no more use. */
  lost: () => void;
  notified: (channel: string, payload: string) => void;
}

/** One connection of the change channel, from its opening to its end. */
export class ChangeLink {
  /** Has a notification sent through the pool come back through this connection? */
  isProbed = false;
  private readonly socket = new Socket();
  private readonly client: Client;
  private readonly ownChannel = `latchkey_echo_${randomUUID().replaceAll('-', '')}`;
  /** The heartbeat under way. */
  private sent: { beat: number; at: number } | undefined;
  private readonly openedAt = performance.now();

  constructor(url: string, events: LinkEvents) {
    this.client = new Client({
      ...poolConfig({ url, role: 'portal_verifier', max: 1 }),
      application_name: 'latchkey changes',
      keepAlive: true,
      stream: () => this.socket,
    });
    this.client.on('error', events.lost);
    this.client.on('end', events.lost);
    this.client.on('notification', ({ channel, payload = '' }) => events.notified(channel, payload));
  }

  async open(verifier: VerifierDatabase): Promise<void> {
    await this.client.connect();
    // Asked for its effect: PostgreSQL lets go of what every listener has read. A queue that ran full stays full otherwise.
    await this.client.query('select pg_notification_queue_usage()');
    await this.client.query(`listen "${CHANGES_CHANNEL}"`);
    await this.client.query(`listen "${this.ownChannel}"`);
    await verifier.select('notify', 'select pg_notify($1, $2)', [this.ownChannel, 'probe']);
  }

  get isWaiting(): boolean {
    return this.sent !== undefined;
  }

  /** Only when none is under way. */
  async beat(beat: number): Promise<void> {
    this.sent = { beat, at: performance.now() };
    await this.client.query({
      name: 'beat',
      text: 'select pg_notify($1, $2)',
      values: [this.ownChannel, String(beat)],
    });
  }

  /** When the heartbeat that is back now was sent; undefined for one that is not waited for. */
  answered(beat: number): number | undefined {
    if (this.sent?.beat !== beat) return undefined;
    const { at } = this.sent;
    this.sent = undefined;
    return at;
  }

  /** For how many milliseconds the heartbeat, or else the opening, has been waited for. */
  waitsSince(now: number): number {
    if (!this.isProbed) return now - this.openedAt;
    return this.sent ? now - this.sent.at : 0;
  }

  /** At once; a half-open connection would never close by itself. */
  destroy(): void {
    this.socket.destroy();
  }

  /** Politely, so that the server sees no error; by force when it does not answer. */
  async end(): Promise<void> {
    const timer = setTimeout(() => this.socket.destroy(), END_MS);
    await this.client.end().catch(() => undefined);
    clearTimeout(timer);
    this.socket.destroy();
  }
}
