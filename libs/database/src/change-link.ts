import { randomUUID } from 'node:crypto';
import { Socket } from 'node:net';
import { Client } from 'pg';
import { CHANGES_CHANNEL } from './change.js';
import { type Server, serverOf } from './leading-server.js';
import { poolConfig } from './pool-settings.js';

const END_MS = 500;

interface LinkEvents {
  /** Once, or more often: the connection is of no more use. */
  lost: () => void;
  notified: (channel: string, payload: string) => void;
}

/** Notifies by the way that verdicts are read by, or fails. */
export type Notify = (channel: string, payload: string) => Promise<void>;

/** One connection of the change channel, from its opening to its end. */
export class ChangeLink {
  /** Has a notification come back through this connection? */
  isProbed = false;
  private isListening = false;
  private readonly socket = new Socket();
  private readonly client: Client;
  private readonly ownChannel = `latchkey_echo_${randomUUID().replaceAll('-', '')}`;
  /** The heartbeat under way. */
  private sent: { beat: number; at: number } | undefined;
  /** When the first of the heartbeats was sent that could not be sent, one after another. */
  private failingSince: number | undefined;
  private readonly openedAt = performance.now();

  constructor(
    url: string,
    private readonly notify: Notify,
    events: LinkEvents,
  ) {
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

  /** @returns the server that it listens at */
  async open(): Promise<Server> {
    await this.client.connect();
    // Asked for its effect: PostgreSQL lets go of what every listener has read. A queue that ran full stays full otherwise.
    await this.client.query('select pg_notification_queue_usage()');
    await this.client.query(`listen "${CHANGES_CHANNEL}"`);
    await this.client.query(`listen "${this.ownChannel}"`);
    const server = await serverOf(this.client);
    this.isListening = true;
    return server;
  }

  /** May a heartbeat be sent? One at a time: the next one goes out when this one is back. */
  get isReady(): boolean {
    return this.isListening && !this.isWaiting;
  }

  get isWaiting(): boolean {
    return this.sent !== undefined;
  }

  /** Only when ready. Whether it went out or not, its echo alone tells. */
  async beat(beat: number): Promise<void> {
    const sent = { beat, at: performance.now() };
    this.sent = sent;
    try {
      await this.notify(this.ownChannel, String(beat));
    } catch {
      // The way of the lookups is closed. The proof of before runs out by itself if it stays so.
      if (this.sent !== sent) return;
      this.sent = undefined;
      this.failingSince ??= sent.at;
    }
  }

  /** When the heartbeat that is back now was sent; undefined for one that is not waited for. */
  answered(beat: number): number | undefined {
    if (this.sent?.beat !== beat) return undefined;
    const { at } = this.sent;
    this.sent = undefined;
    this.failingSince = undefined;
    this.isProbed = true;
    return at;
  }

  /** For how many milliseconds a heartbeat, or else the opening, has been waited for. */
  waitsSince(now: number): number {
    if (!this.isProbed) return now - this.openedAt;
    return now - (this.failingSince ?? this.sent?.at ?? now);
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
