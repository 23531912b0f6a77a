import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { endsOfKeys, type KeyEnd } from '#api-keys';
import { JobsDatabase, type Session } from '#database';
import { OutageLines } from '#kernel';
import { NOTIFICATIONS_OPTIONS, type NotificationsOptions } from '../notifications.options.js';
import { RepeatedRounds } from '../repeated-rounds.js';
import { wireKind } from '../webhooks/notification.rules.js';
import { dueNotices, FIRST_REMINDER_DAYS } from './due-notices.rules.js';
import { type DueNotice, isReported, noteSwept, takeSweep, writeNotices } from './expiry-notices.sql.js';

/** Keys that one transaction looks at. Their notices are made in one turn of the event loop. */
const KEYS_AT_ONCE = 500;

/**
 * Reports keys that expire soon or have expired. The instances pass over all keys together, part by part: one transaction takes a
 * part, stores its notices with their deliveries, and stores how far the pass has come. So a process that is killed loses nothing,
 * and what was due during a pause is reported after the pause.
 */
@Injectable()
export class ExpiryNotices implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly rounds = new RepeatedRounds(
    () => this.sweep(),
    new OutageLines(new Logger(ExpiryNotices.name), {
      begins: 'Keys that expire cannot be looked for at the moment',
      ends: 'Keys that expire are looked for again.',
    }),
  );

  constructor(
    private readonly database: JobsDatabase,
    @Inject(NOTIFICATIONS_OPTIONS) private readonly options: NotificationsOptions,
  ) {}

  onApplicationBootstrap(): void {
    if (this.options.sweepMs !== undefined) this.rounds.start(this.options.sweepMs);
  }

  onApplicationShutdown(): Promise<void> {
    return this.rounds.stop();
  }

  private async sweep(): Promise<void> {
    let isMore = true;
    while (isMore && !this.rounds.isStopped)
      isMore = await this.database.writeQuietly((session) => this.part(session, this.options.sweepMs ?? 0));
  }

  /** @returns false once the pass is over or another instance works on it */
  private async part(session: Session, pauseMs: number): Promise<boolean> {
    const sweep = await takeSweep(session, pauseMs);
    if (!sweep) return false;
    const now = await session.now();
    const asked = { after: sweep.lastKeyId, most: KEYS_AT_ONCE, days: FIRST_REMINDER_DAYS, unless: isReported };
    const { ends, lastId } = await endsOfKeys(session, asked);
    const due = ends.flatMap((end) => noticesOf(end, sweep.begunAt, now));
    if (due.length > 0) await writeNotices(session, due, this.options.mail !== undefined);
    await noteSwept(session, lastId);
    return lastId !== null;
  }
}

function noticesOf({ id, tenantId, name, endsAt, since }: KeyEnd, begunAt: Date, now: Date): DueNotice[] {
  const term = { endsAt, since: begunAt > since ? begunAt : since };
  return dueNotices(term, now).map(({ notice, daysBefore }) => {
    const kind = notice === 'EXPIRED' ? 'API_KEY_EXPIRED' : 'API_KEY_EXPIRING';
    const reminder = notice === 'EXPIRED' ? {} : { daysBefore };
    const data = { tenantId, apiKeyId: id, apiKeyName: name, effectiveExpiresAt: endsAt.toISOString(), ...reminder };
    const payload = { type: wireKind(kind), timestamp: now.toISOString(), data };
    return { notice, kind, apiKeyId: id, tenantId, endsAt, daysBefore, payload };
  });
}
