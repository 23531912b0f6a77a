import { setTimeout as after } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type Invalidation, INVALIDATION_CHANNEL, invalidationOf, ROWS_CHANNEL } from './invalidation.js';
import { HeartbeatTurn } from './heartbeat-turn.js';
import { type Ask, InvalidationLink, type Question } from './invalidation-link.js';
import { DATABASE_OPTIONS, type DatabaseOptions } from '../database.options.js';
import { HeartbeatLease, LEASE_MS } from '../leading/heartbeat-lease.js';
import { LeadingServer } from '../leading/leading-server.js';
import { VerifierDatabase } from '../verification/verifier-database.js';

/** Time between two questions of this instance, and between two heartbeats. */
const HEARTBEAT_MS = 250;
/** A question that no heartbeat has proven after this time never will be: the connection is given up. */
const GIVE_UP_MS = 2_000;
/** A new connection that is not proven after this time is given up. */
const ESTABLISH_MS = 3_000;
/**
 * Largest number of changes within one heartbeat. More changes are junk or a storm: then no remembered data is used, and a
 * message costs nothing.
 */
const MOST_CHANGES = 1_000;
const BACK_OFF = { firstMs: 50, mostMs: 1_000 };

export const CHANNEL_STATES = ['off', 'connecting', 'proven', 'in doubt'] as const;
export type ChannelState = (typeof CHANNEL_STATES)[number];

/**
 * Reports every committed change of the data behind verdicts, by any writer, and knows how far its reports can be relied on
 * (`HeartbeatLease`). One connection listens; heartbeats prove it, and a connection in doubt is replaced. One instance sends the
 * heartbeats of all (`HeartbeatTurn`); an instance that needs a proof at once sends one more.
 */
@Injectable()
export class InvalidationChannel implements OnApplicationBootstrap, OnApplicationShutdown {
  /** Milliseconds from the last proven question to its proof: the delay of change reports, and the wait for the heartbeat. */
  lagMs = 0;
  /** Connections lost or given up since the start. */
  losses = 0;
  /** Heartbeats that this instance has sent since the start. */
  heartbeats = 0;
  private readonly logger = new Logger(InvalidationChannel.name);
  private readonly listeners: ((invalidation: Invalidation) => void)[] = [];
  private readonly followers: ((tenantId: string | null) => void)[] = [];
  private readonly lease = new HeartbeatLease();
  private link: InvalidationLink | undefined;
  private readonly turn = new HeartbeatTurn();
  private questions = 0;
  /** A heartbeat of this instance is needed at once. */
  private isBeatDue = false;
  /** Changes since the last tick. */
  private changesHeard = 0;
  /** Questions sent before this instant are not proven: there were too many changes a moment ago. */
  private quietFrom = -Infinity;
  private failures = 0;
  private heartbeat: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    @Inject(DATABASE_OPTIONS) private readonly options: DatabaseOptions,
    private readonly verifier: VerifierDatabase,
    private readonly servers: LeadingServer,
  ) {
    servers.onChange(() => this.link && this.lose(this.link));
    // What was read while rows could not be seen is not remembered.
    verifier.rowSecurity.onLoss(() => this.publish({ kind: 'all' }));
  }

  /** Calls `listener` for every change, from the start of the application on. `listener` must not throw. */
  subscribe(listener: (invalidation: Invalidation) => void): void {
    this.listeners.push(listener);
  }

  /**
   * Calls `follower` with the tenant of new rows whose tables announce them; with null where rows of any tenant may be new: after a
   * doubt about the connection. `follower` must not throw.
   */
  follow(follower: (tenantId: string | null) => void): void {
    this.followers.push(follower);
  }

  /** True if every change committed more than 1.5 s before `now`, an instant of `performance.now()`, has been reported. */
  isProven(now: number): boolean {
    return this.lease.holdsAt(now) && this.servers.leadsAt(now);
  }

  /** False while the server that is read from may have been replaced: then every lookup is refused. */
  isLed(now: number): boolean {
    return this.servers.leadsAt(now);
  }

  /** Everything committed before this instant of `performance.now()` has been reported; -Infinity where nothing is known. */
  get reportedUntil(): number {
    return this.lease.reportedUntil;
  }

  /** True if every noted change that this process itself made to a tenant's rows has been reported. */
  ownWritesAreReported(tenantId: string): boolean {
    return this.lease.ownWritesAreReported(tenantId);
  }

  /**
   * Notes that this process has committed a write. Data remembered of the tenant is not used until the channel has reported the
   * write, so the change is in force here before its reply goes out.
   * @param tenantId null for a write that is not bound to one tenant
   */
  noteOwnWrite(tenantId: string | null): void {
    this.publish({ kind: 'write' });
    if (!this.link) return;
    this.lease.noteOwnWrite(tenantId, this.questions + 1);
    if (this.isBeatDue) return;
    this.isBeatDue = true;
    setImmediate(() => this.sendDue());
  }

  /**
   * Resolves when no instance uses data any more that was changed by a commit before this call. Nothing is asked of other
   * instances: each one proves its data anew or stops using it within the time of a lease, whatever happens to it.
   */
  async inForceEverywhere(): Promise<void> {
    await after(LEASE_MS);
  }

  get state(): ChannelState {
    if (!this.heartbeat) return 'off';
    if (this.isProven(performance.now())) return 'proven';
    return this.link?.isProbed ? 'in doubt' : 'connecting';
  }

  onApplicationBootstrap(): void {
    if (this.listeners.length === 0) return;
    this.heartbeat = setInterval(() => this.tick(), HEARTBEAT_MS).unref();
    this.connect();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.heartbeat);
    clearTimeout(this.retry);
    this.heartbeat = undefined;
    const { link } = this;
    this.drop();
    await link?.end();
  }

  private connect(): void {
    const { url, directUrl = url, schema } = this.options;
    const ask: Ask = (signer) => this.verifier.ask(signer, GIVE_UP_MS);
    const link = new InvalidationLink({ url: directUrl, schema }, ask, {
      lost: () => this.lose(link),
      notified: (channel, payload) => this.receive(link, channel, payload),
      heard: (sender) => this.turn.note(sender, performance.now()),
      proven: (question) => this.prove(link, question),
      ready: () => setImmediate(() => this.sendDue()),
    });
    this.link = link;
    link.open().then(
      (server) => {
        this.servers.compare(server);
        this.send(true);
      },
      () => this.lose(link),
    );
  }

  private receive(link: InvalidationLink, channel: string, payload: string): void {
    if (link !== this.link) return;
    if (channel === ROWS_CHANNEL) return this.announce(payload === 'all' ? null : payload);
    if (channel !== INVALIDATION_CHANNEL) return;
    if (++this.changesHeard > MOST_CHANGES) return this.flood();
    // While no remembered data is used, a change needs no report: everything is forgotten before data is used again.
    if (this.lease.isBegun) this.publish(invalidationOf(payload));
  }

  /** Any login of the database may send messages that look like changes. */
  private flood(): void {
    this.quietFrom = performance.now() + HEARTBEAT_MS;
    if (!this.lease.isBegun) return;
    this.logger.warn('Too many changes are announced: every verdict is read from the database until there are fewer.');
    this.lease.end();
    this.publish({ kind: 'all' });
  }

  private prove(link: InvalidationLink, { number, sentAt }: Question): void {
    if (link !== this.link || sentAt < this.quietFrom) return;
    // Data remembered before this connection began may have missed a change.
    if (!this.lease.isBegun) {
      this.publish({ kind: 'all' });
      this.announce(null);
    }
    if (this.failures > 0) this.logger.log('Changes arrive again.');
    this.failures = 0;
    this.lagMs = performance.now() - sentAt;
    this.lease.renew(number, sentAt);
  }

  /** @param isBeat true to send a heartbeat with the question */
  private send(isBeat: boolean): void {
    const { link } = this;
    if (!link?.isReady) {
      this.isBeatDue ||= isBeat;
      return;
    }
    if (isBeat) {
      this.isBeatDue = false;
      this.heartbeats++;
    }
    void link.send(++this.questions, isBeat ? this.turn.id : undefined);
  }

  private sendDue(): void {
    if (this.isBeatDue) this.send(true);
  }

  private tick(): void {
    this.changesHeard = 0;
    const { link } = this;
    if (!link) return;
    const isLate = () =>
      link === this.link && link.waitsSince(performance.now()) > (link.isProbed ? GIVE_UP_MS : ESTABLISH_MS);
    // After a stall of this process the heartbeat may wait in the socket. It is read before the connection is judged.
    if (isLate()) setImmediate(() => isLate() && this.lose(link));
    // A new connection does not wait for the heartbeats of others.
    else this.send(this.isBeatDue || !link.isProbed || this.turn.isOwn(performance.now()));
  }

  private lose(link: InvalidationLink): void {
    if (link !== this.link || this.isClosed) return;
    this.losses++;
    if (this.failures === 0)
      this.logger.warn('Changes do not arrive: every verdict is read from the database until they do.');
    link.destroy();
    this.drop();
    const backOffMs = Math.min(BACK_OFF.mostMs, BACK_OFF.firstMs * 2 ** this.failures++);
    this.retry = setTimeout(() => this.connect(), backOffMs * (0.5 + Math.random() / 2)).unref();
  }

  private drop(): void {
    this.link = undefined;
    this.lease.end();
    this.publish({ kind: 'all' });
  }

  private announce(tenantId: string | null): void {
    for (const follower of this.followers) follower(tenantId);
  }

  private publish(invalidation: Invalidation): void {
    for (const listener of this.listeners) listener(invalidation);
  }
}
