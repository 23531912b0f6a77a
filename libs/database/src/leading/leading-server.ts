import { setTimeout as after } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { ClientBase } from 'pg';
import { LIMITS, ServiceUnavailable } from '#kernel';
import { LEASE_MS } from './heartbeat-lease.js';

/** Distinguishes one running server from every other, and from the same server before a restart. */
export interface Server {
  /**
   * The start time of its first process, to the microsecond. No two running servers share this time, not even a copy and its
   * origin.
   */
  startedAt: string;
  /** Identifies the data: a copy has the same identifier as its origin. */
  system: string;
  /** Goes up by one with each promotion. Null for a server in recovery: a standby. */
  timeline: number | null;
  /** True where commits wait for a standby. May change while the server runs. */
  isSynchronous: boolean;
}

/** Selects `Server.startedAt` alone, cheap enough for each transaction. */
export const WHICH_SERVER = `extract(epoch from pg_catalog.pg_postmaster_start_time())::text as "startedAt"`;
/** Selects the members of `Server` as columns. */
export const SERVER_COLUMNS = `${WHICH_SERVER}, (select system_identifier::text from pg_catalog.pg_control_system()) as system,
  case when not pg_catalog.pg_is_in_recovery()
    then ('x' || left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 8))::bit(32)::int end as timeline,
  pg_catalog.current_setting('synchronous_standby_names') <> '' as "isSynchronous"`;
const SERVER = { text: `select ${SERVER_COLUMNS}`, query_timeout: LIMITS.connectionTimeoutMs };

/** A caller waits this long for the proof that a server leads. */
const PROOF_MS = 500;

/** Asks a connection which server it has reached. */
export async function serverOf(client: ClientBase): Promise<Server> {
  const { rows } = await client.query<Server>(SERVER);
  if (!rows[0]) throw new ServiceUnavailable({ cause: new Error('The server did not report its identity.') });
  return rows[0];
}

/**
 * The one server that verdicts are read from. Connections by one URL may reach several servers: a pooler moves to a new primary,
 * or an address leads to a standby. Each connection names its server as it opens, and the newest report decides:
 * - a standby is refused, since its data may be old by any time
 * - a server whose timeline was left behind by a promotion is refused
 * - any other server replaces the present one, and every listener is called at once
 *
 * A server with a synchronous standby has to prove that it still leads (`LeadershipFence`).
 */
@Injectable()
export class LeadingServer {
  private current: Server | undefined;
  /** The newest timeline seen of each system. */
  private readonly timelines = new Map<string, number>();
  private readonly listeners: (() => void)[] = [];
  private prover: (() => Promise<void>) | undefined;
  /** The instant of `performance.now()` at which the last proof was sent that the current server leads. */
  private ledAt = -Infinity;

  /** Calls `listener` when another server leads. `listener` must not throw. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /**
   * From now on a server with a synchronous standby counts only while it is proven to lead. `prover` asks it for a proof, and is
   * called when a proof is needed at once. It must not reject.
   */
  proveBy(prover: () => Promise<void>): void {
    this.prover = prover;
  }

  /** The server that verdicts are read from; undefined while none is known. */
  get leader(): Server | undefined {
    return this.current;
  }

  /** True where commits wait for a standby, as far as the current server has reported. */
  get isSynchronous(): boolean {
    return this.current?.isSynchronous ?? false;
  }

  /**
   * True if no standby was promoted more than a lease before `now`, an instant of `performance.now()`. Otherwise nothing may be
   * looked up, and nothing remembered may be used.
   */
  leadsAt(now: number): boolean {
    return !this.prover || !this.isSynchronous || now <= this.ledAt + LEASE_MS;
  }

  /**
   * Waits a moment for a proof that is missing, as after a pause of this process.
   * @throws {ServiceUnavailable} unless the current server leads
   */
  async requireLead(): Promise<void> {
    if (this.leadsAt(performance.now())) return;
    await Promise.race([this.askForProof(), after(PROOF_MS, undefined, { ref: false })]);
    if (!this.leadsAt(performance.now())) throw refusal('is not proven to lead');
  }

  private async askForProof(): Promise<void> {
    await this.prover?.();
    // That proof may have been under way, asked for too long ago or on a connection that has broken. The next one is new.
    if (!this.leadsAt(performance.now())) await this.prover?.();
  }

  /** @param askedAt the instant of `performance.now()` at which the server was asked for the proof that it has given */
  proveLead(startedAt: string | undefined, askedAt: number): void {
    if (this.isCurrent(startedAt)) this.ledAt = Math.max(this.ledAt, askedAt);
  }

  isCurrent(startedAt: string | undefined): boolean {
    return startedAt !== undefined && startedAt === this.current?.startedAt;
  }

  /**
   * From now on verdicts may be read from this server, and from no other.
   * @throws {ServiceUnavailable} for a standby, and for a server that no longer leads
   */
  follow(server: Server): void {
    this.compare(server);
    if (server.timeline === null) throw refusal('is a standby');
    if (this.isLeftBehind(server)) throw refusal('was left behind by the promotion of another one');
    const isAnother = this.current !== undefined && !this.isCurrent(server.startedAt);
    const mustProve = server.isSynchronous && (!this.isSynchronous || isAnother);
    if (isAnother) this.ledAt = -Infinity;
    this.current = server;
    if (isAnother) this.announce();
    if (mustProve) void this.prover?.();
  }

  /** Notes a server that verdicts are not read from. If that server leads, the current one is no longer read from. */
  compare({ system, timeline }: Server): void {
    if (timeline === null || timeline <= this.newestTimelineOf(system)) return;
    this.timelines.set(system, timeline);
    if (!this.current || !this.isLeftBehind(this.current)) return;
    this.current = undefined;
    this.ledAt = -Infinity;
    this.announce();
  }

  private isLeftBehind({ system, timeline }: Server): boolean {
    return (timeline ?? 0) < this.newestTimelineOf(system);
  }

  private newestTimelineOf(system: string): number {
    return this.timelines.get(system) ?? 0;
  }

  private announce(): void {
    for (const listener of this.listeners) listener();
  }
}

function refusal(why: string): ServiceUnavailable {
  return new ServiceUnavailable({ cause: new Error(`The server that the database's URL leads to ${why}.`) });
}
