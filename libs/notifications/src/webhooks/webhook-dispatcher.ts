import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { JobsDatabase } from '#database';
import { NOTIFICATIONS_OPTIONS, type NotificationsOptions } from '../notifications.options.js';
import { type Claim, claimDue, release, removeOld, settle } from './delivery-claims.sql.js';
import { verdictOn } from './delivery-attempts.rules.js';
import { attempt } from './webhook-request.js';
import { signaturesOf } from './webhook-secret.format.js';

/** Attempts of this process that are under way at the same time. */
const MOST_AT_ONCE = 250;
/** How long attempts that are under way may still take once the process stops. */
const GRACE_MS = 2_000;
const HOUR_MS = 3_600_000;

/** Sends the deliveries that are due, as long as the process runs. Safe on any number of instances. */
@Injectable()
export class WebhookDispatcher implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(WebhookDispatcher.name);
  /** Attempts since the start, by what followed from them. */
  readonly outcomes = { DELIVERED: 0, RETRY: 0, FAILED: 0 };
  private readonly underWay = new Set<Promise<void>>();
  private failedRounds = 0;
  private readonly stopped = new AbortController();
  private readonly cut = new AbortController();
  private loop: Promise<void> | undefined;
  private wake: () => void = () => undefined;
  private isFailing = false;
  private clearedAt = -Infinity;

  constructor(
    private readonly database: JobsDatabase,
    @Inject(NOTIFICATIONS_OPTIONS) private readonly options: NotificationsOptions,
  ) {}

  /** For metrics. */
  get state(): { underWay: number; failedRounds: number } {
    return { underWay: this.underWay.size, failedRounds: this.failedRounds };
  }

  onApplicationBootstrap(): void {
    const { pollMs } = this.options;
    if (pollMs !== undefined) this.loop = this.run(pollMs);
  }

  /** Attempts under way are waited for, for a moment; the others are given back and are due at once on other instances. */
  async onApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    this.wake();
    await this.loop;
    const cut = setTimeout(() => this.cut.abort(), GRACE_MS);
    await Promise.all(this.underWay);
    clearTimeout(cut);
  }

  private async run(pollMs: number): Promise<void> {
    while (!this.stopped.signal.aborted) {
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      await this.round();
      await Promise.race([
        woken,
        wait(pollMs, undefined, { ref: false, signal: this.stopped.signal }).catch(() => undefined),
      ]);
    }
  }

  /** Claims what is due and begins its attempts. */
  private async round(): Promise<void> {
    try {
      const room = MOST_AT_ONCE - this.underWay.size;
      const claims = room > 0 ? await this.database.writeQuietly((session) => claimDue(session, room)) : [];
      for (const claim of claims) this.begin(claim);
      await this.clear();
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) this.logger.warn(`Webhooks cannot be sent at the moment: ${String(error)}`);
      this.isFailing = true;
      this.failedRounds++;
    }
  }

  private begin(claim: Claim): void {
    const made: Promise<void> = this.send(claim)
      // The claim ends by itself, and the delivery is tried again.
      .catch((error: unknown) => this.logger.warn(`The outcome of a webhook delivery is lost: ${String(error)}`))
      .finally(() => {
        this.underWay.delete(made);
        this.wake();
      });
    this.underWay.add(made);
  }

  private async send(claim: Claim): Promise<void> {
    const attempted = await attempt(signed(claim), this.options, this.cut.signal).catch(() => undefined);
    if (!attempted) return this.database.writeQuietly((session) => release(session, claim));
    const verdict = verdictOn(attempted, claim.attempts, Math.random());
    await this.database.writeQuietly((session) => settle(session, claim, attempted, verdict));
    this.outcomes[verdict.kind]++;
    if (verdict.kind === 'FAILED')
      this.logger.warn(
        `The webhook endpoint ${claim.endpointId} of tenant ${claim.tenantId} is disabled: ${verdict.disables}.`,
      );
  }

  private async clear(): Promise<void> {
    const now = performance.now();
    if (now - this.clearedAt < HOUR_MS) return;
    this.clearedAt = now;
    let removed = 1n;
    while (removed > 0n && !this.stopped.signal.aborted) removed = await this.database.writeQuietly(removeOld);
  }
}

/** The request of an attempt, as Standard Webhooks 1.0.0 describes it. */
function signed({ id, url, payload, secrets }: Claim) {
  const { type, timestamp: at, data } = payload;
  const body = JSON.stringify({ type, timestamp: at, data });
  const timestamp = Math.floor(Date.now() / 1_000);
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'latchkey-webhooks/1.0',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signaturesOf(secrets, id, timestamp, body),
  };
  return { url, headers, body };
}
