import { randomBytes } from 'node:crypto';

/** An instance that has heard no heartbeat of a senior one for this long sends heartbeats itself: one of two may be late. */
const PATIENCE_MS = 400;
/** Instances lose patience at different times, so that the first of them relieves most others. */
const SPREAD_MS = 100;

/**
 * Which instance sends the heartbeats of all: each one that has heard no senior one of late. So one instance sends them, the most
 * senior one. When it ends or stands still, others take its place within half a second, until the most senior one of them is heard
 * by all. Nobody elects anybody, and several senders at once do no harm.
 */
export class HeartbeatTurn {
  /** Random, new with each start. The lower one is senior. */
  readonly id = randomBytes(8).toString('hex');
  private readonly patienceMs = PATIENCE_MS + Math.random() * SPREAD_MS;
  private seniorHeardAt = -Infinity;

  /** A heartbeat of `sender` was heard at `now`, an instant of `performance.now()`. */
  note(sender: string, now: number): void {
    if (sender < this.id) this.seniorHeardAt = now;
  }

  /** True if this instance sends a heartbeat at `now`. */
  isOwn(now: number): boolean {
    return now - this.seniorHeardAt > this.patienceMs;
  }
}
