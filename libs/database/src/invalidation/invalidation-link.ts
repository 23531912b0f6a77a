import { randomUUID } from 'node:crypto';
import { Socket } from 'node:net';
import type { Client } from 'pg';
import { ContainedClient } from '../connections/contained-client.js';
import { INVALIDATION_CHANNEL, ROWS_CHANNEL } from './invalidation.js';
import { type Server, serverOf } from '../leading/leading-server.js';
import { poolConfig } from '../connections/pool-settings.js';

const END_MS = 500;

interface LinkEvents {
  /** Called once or more often: the connection is unusable. */
  lost: () => void;
  notified: (channel: string, payload: string) => void;
}

/** Sends a NOTIFY by the path that verdicts are read by, or fails. */
export type Notify = (channel: string, payload: string) => Promise<void>;

/** One connection of the invalidation channel, from its opening to its end. */
export class InvalidationLink {
  /** True once a notification has come back through this connection. */
  isProbed = false;
  private isListening = false;
  private readonly socket = new Socket();
  private readonly client: Client;
  private readonly ownChannel = `latchkey_echo_${randomUUID().replaceAll('-', '')}`;
  /** The heartbeat that has been sent and is not back yet. */
  private sent: { beat: number; at: number } | undefined;
  /** The time of the first failure in the present run of heartbeats that could not be sent. */
  private failingSince: number | undefined;
  private readonly openedAt = performance.now();

  constructor(
    url: string,
    private readonly notify: Notify,
    events: LinkEvents,
  ) {
    this.client = new ContainedClient({
      ...poolConfig({ url, role: 'portal_verifier', max: 1 }),
      application_name: 'latchkey changes',
      keepAlive: true,
      stream: () => this.socket,
    });
    this.client.on('error', events.lost);
    this.client.on('end', events.lost);
    this.client.on('notification', ({ channel, payload = '' }) => events.notified(channel, payload));
  }

  /** @returns the server that the connection listens at */
  async open(): Promise<Server> {
    await this.client.connect();
    // Called for its effect: PostgreSQL drops notifications that every listener has read. Without this call a full queue stays
    // full.
    await this.client.query('select pg_notification_queue_usage()');
    for (const channel of [INVALIDATION_CHANNEL, ROWS_CHANNEL]) await this.client.query(`listen "${channel}"`);
    await this.client.query(`listen "${this.ownChannel}"`);
    const server = await serverOf(this.client);
    this.isListening = true;
    return server;
  }

  /** True if a heartbeat may be sent. Only one is under way at a time: the next one is sent when this one is back. */
  get isReady(): boolean {
    return this.isListening && !this.isWaiting;
  }

  get isWaiting(): boolean {
    return this.sent !== undefined;
  }

  /** Call only when ready. Only the returned notification proves that the heartbeat was sent. */
  async beat(beat: number): Promise<void> {
    const sent = { beat, at: performance.now() };
    this.sent = sent;
    try {
      await this.notify(this.ownChannel, String(beat));
    } catch {
      // The path of the lookups is closed. If it stays closed, the earlier proof expires by itself.
      if (this.sent !== sent) return;
      this.sent = undefined;
      this.failingSince ??= sent.at;
    }
  }

  /** The time at which the returned heartbeat was sent; undefined for one that is not expected. */
  answered(beat: number): number | undefined {
    if (this.sent?.beat !== beat) return undefined;
    const { at } = this.sent;
    this.sent = undefined;
    this.failingSince = undefined;
    this.isProbed = true;
    return at;
  }

  /** Milliseconds since the heartbeat under way was sent, or else since the connection was opened. */
  waitsSince(now: number): number {
    if (!this.isProbed) return now - this.openedAt;
    return now - (this.failingSince ?? this.sent?.at ?? now);
  }

  /** Closes at once; a half-open connection would never close by itself. */
  destroy(): void {
    this.socket.destroy();
  }

  /** Closes in good order, so that the server sees no error. Closes by force when the server does not answer. */
  async end(): Promise<void> {
    const timer = setTimeout(() => this.socket.destroy(), END_MS);
    await this.client.end().catch(() => undefined);
    clearTimeout(timer);
    this.socket.destroy();
  }
}
