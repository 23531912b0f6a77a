import { Injectable } from '@nestjs/common';
import { Consistency, type Fallback, FALLBACKS } from '../positions/consistency.js';
import { LeadingServer } from '../leading/leading-server.js';
import { NotOnReplica, ReadReplica, type ReplicaState } from './read-replica.js';
import type { Session } from '../transactions/session.js';
import { RecentPositions } from '../positions/wal-position.js';

type Answer<Result> = { result: Result } | Fallback;

/**
 * Lists and details, from a replica where the present operation allows it, else from the primary. An error never comes from a replica:
 * whatever fails there is asked again of the primary.
 */
@Injectable()
export class ReplicaReads {
  /** Reads that a replica answered since the start. */
  answered = 0;
  /** Reads that the primary answered instead, by reason. */
  readonly fallbacks = Object.fromEntries(FALLBACKS.map((reason) => [reason, 0])) as Record<Fallback, number>;

  constructor(
    private readonly consistency: Consistency,
    private readonly servers: LeadingServer,
    private readonly positions: RecentPositions,
    private readonly replica: ReadReplica,
  ) {}

  get state(): ReplicaState {
    return this.replica.state;
  }

  /**
   * @param variables the settings that bind the transaction to its tenant
   * @param fromPrimary reads the same from the primary
   */
  async read<Result>(
    variables: Readonly<Record<string, string>>,
    work: (session: Session) => Promise<Result>,
    fromPrimary: () => Promise<Result>,
  ): Promise<Result> {
    const answer = await this.ask(variables, work);
    if (typeof answer === 'string') {
      this.fallbacks[answer]++;
      this.consistency.notePrimary();
      return fromPrimary();
    }
    this.answered++;
    return answer.result;
  }

  private async ask<Result>(
    variables: Readonly<Record<string, string>>,
    work: (session: Session) => Promise<Result>,
  ): Promise<Answer<Result>> {
    const { state } = this.replica;
    if (state !== 'in use') return state === 'behind' ? 'behind' : 'away';
    const now = performance.now();
    const timeline = this.servers.leadsAt(now) ? this.servers.leader?.timeline : undefined;
    const bound = timeline == null ? undefined : this.positions.boundAt(now, timeline);
    if (!bound) return 'position unknown';
    const required = await this.consistency.required(bound);
    if (typeof required === 'string') return required;
    try {
      const { result, lsn } = await this.replica.read(required, variables, work);
      this.consistency.noteSeen(lsn.then((seen) => ({ timeline: required.timeline, lsn: seen })));
      return { result };
    } catch (error) {
      if (!(error instanceof NotOnReplica)) return 'failed';
      // A replica that lacks a write of a moment ago is well.
      if (required === bound) this.replica.become(error.state);
      return error.state === 'behind' ? 'behind' : 'away';
    }
  }
}
