import { Socket } from 'node:net';
import type { Client } from 'pg';
import { ContainedClient } from '../connections/contained-client.js';
import { poolConfig } from '../connections/pool-settings.js';
import {
  type Heartbeat,
  HEARTBEAT_CHANNEL,
  heartbeatSecret,
  type HeartbeatSigner,
  placeOf,
  readHeartbeat,
} from '../leading/heartbeat.js';
import { type Server, serverOf } from '../leading/leading-server.js';
import type { Reached } from '../verification/verifier-database.js';
import { INVALIDATION_CHANNEL, ROWS_CHANNEL } from './invalidation.js';

const END_MS = 500;
const WHERE = 'select current_database() as database, key from heartbeat_key';

interface LinkEvents {
  /** Called once or more often: the connection is unusable. */
  lost: () => void;
  notified: (channel: string, payload: string) => void;
  /** A heartbeat has come, whose sender has the key. */
  heard: (sender: string) => void;
  /** The connection has received every change that was committed before the question was sent. */
  proven: (question: Question) => void;
  /** Another question may be sent. */
  ready: () => void;
}

/** Asks, by the path that verdicts are read by, where this path leads to; with a signer, sends a heartbeat too. Or fails. */
export type Ask = (signer: HeartbeatSigner | undefined) => Promise<Reached>;

export interface Question {
  readonly number: number;
  readonly sentAt: number;
  /** True for one that sent a heartbeat. */
  readonly isBeat: boolean;
}

interface OpenQuestion extends Question {
  /** Undefined until the answer; for ever where the answer came from another place than this connection leads to. */
  position?: bigint;
}

/** One connection of the invalidation channel, from its opening to its end. */
export class InvalidationLink {
  /** True once a question was proven through this connection. */
  isProbed = false;
  private readonly socket = new Socket();
  private readonly client: Client;
  /** Where the connection leads to, and the secret of heartbeats there; undefined until it listens. */
  private here: { place: string; secret: string } | undefined;
  /** Questions that no heartbeat has proven yet, in the order of their sending. */
  private questions: OpenQuestion[] = [];
  /** The heartbeat that was received last, and when. */
  private last: { position: bigint; at: number } | undefined;
  /** The time of the first failure in the present run of questions that got no answer. */
  private failingSince: number | undefined;
  private readonly openedAt = performance.now();

  constructor(
    { url, schema }: { url: string; schema?: string | undefined },
    private readonly ask: Ask,
    private readonly events: LinkEvents,
  ) {
    this.client = new ContainedClient({
      ...poolConfig({ url, role: 'portal_verifier', max: 1, ...(schema !== undefined && { schema }) }),
      application_name: 'latchkey changes',
      keepAlive: true,
      stream: () => this.socket,
    });
    this.client.on('error', events.lost);
    this.client.on('end', events.lost);
    this.client.on('notification', ({ channel, payload = '', processId }) =>
      channel === HEARTBEAT_CHANNEL ? this.hear(payload, processId) : events.notified(channel, payload),
    );
  }

  /** @returns the server that the connection listens at */
  async open(): Promise<Server> {
    await this.client.connect();
    // Called for its effect: PostgreSQL drops notifications that every listener has read. Without this call a full queue stays
    // full.
    await this.client.query('select pg_notification_queue_usage()');
    for (const channel of [INVALIDATION_CHANNEL, ROWS_CHANNEL, HEARTBEAT_CHANNEL])
      await this.client.query(`listen "${channel}"`);
    const server = await serverOf(this.client);
    const { rows } = await this.client.query<{ database: string; key: string }>(WHERE);
    if (!rows[0]) throw new Error('The database has no key of heartbeats.');
    const place = placeOf(server.startedAt, rows[0].database);
    this.here = { place, secret: heartbeatSecret(rows[0].key, place) };
    return server;
  }

  /** True if a question may be sent. A heartbeat of our own has to come back before the next question. */
  get isReady(): boolean {
    return this.here !== undefined && !this.isWaiting;
  }

  private get isWaiting(): boolean {
    return this.questions.some(({ isBeat, position }) => isBeat || position === undefined);
  }

  /**
   * Call only when ready. An answer alone proves nothing.
   * @param sender sends a heartbeat of this instance; undefined: only asks
   */
  async send(number: number, sender: string | undefined): Promise<void> {
    const { here } = this;
    if (!here) return;
    const question: OpenQuestion = { number, sentAt: performance.now(), isBeat: sender !== undefined };
    this.questions.push(question);
    try {
      const { place, position } = await this.ask(sender === undefined ? undefined : { sender, secret: here.secret });
      this.failingSince = undefined;
      if (place !== here.place) return;
      question.position = position;
      this.settle();
    } catch {
      // The path of the lookups is closed. If it stays closed, the earlier proof expires by itself.
      this.questions = this.questions.filter((one) => one !== question);
      this.failingSince ??= question.sentAt;
    }
    if (this.isReady) this.events.ready();
  }

  /** Milliseconds since the oldest question that is not proven was sent, or else since the connection was opened. */
  waitsSince(now: number): number {
    if (!this.isProbed) return now - this.openedAt;
    return now - (this.failingSince ?? this.questions[0]?.sentAt ?? now);
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

  private hear(payload: string, processId: number): void {
    const heartbeat: Heartbeat | undefined = this.here && readHeartbeat(payload, processId, this.here.secret);
    if (!heartbeat) return;
    this.last = { position: heartbeat.position, at: performance.now() };
    this.events.heard(heartbeat.sender);
    this.settle();
  }

  /** The last heartbeat proves what was asked before it was received, if it has the position of the answer or a later one. */
  private settle(): void {
    const { last } = this;
    if (!last) return;
    const isProven = ({ sentAt, position }: OpenQuestion) =>
      position !== undefined && position <= last.position && sentAt <= last.at;
    const newest = this.questions.findLastIndex(isProven);
    const question = this.questions[newest];
    if (!question) return;
    this.questions = this.questions.slice(newest + 1);
    this.isProbed = true;
    this.events.proven(question);
    if (this.isReady) this.events.ready();
  }
}
