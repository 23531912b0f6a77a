import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { JobsDatabase } from '#database';
import { OutageLines } from '#kernel';
import { NOTIFICATIONS_OPTIONS, type NotificationsOptions } from '../notifications.options.js';
import { removeOldMails } from '../mail/mail.sql.js';
import { RepeatedRounds } from '../repeated-rounds.js';
import { type Claim, claimDue, oldestDue, release, removeOld, settle } from './delivery-claims.sql.js';
import { webhookAttemptChannel } from './attempt-channel.js';
import { type Attempted, verdictOn } from './delivery-attempts.rules.js';
import { attempt } from './webhook-request.js';
import { signaturesOf } from './webhook-secret.format.js';

/** Attempts of this process that are under way at the same time. */
const MOST_AT_ONCE = 250;
/** How long attempts that are under way may still take once the process stops. */
const GRACE_MS = 2_000;
const HOUR_MS = 3_600_000;
/** How often the age of the oldest due delivery is measured. */
const MEASURE_MS = 15_000;

/** Sends the deliveries that are due, as long as the process runs. Safe on any number of instances. */
@Injectable()
export class WebhookDispatcher implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(WebhookDispatcher.name);
  /** Attempts since the start, by what followed from them. */
  readonly outcomes = { DELIVERED: 0, RETRY: 0, FAILED: 0 };
  private readonly underWay = new Set<Promise<void>>();
  private readonly rounds = new RepeatedRounds(
    () => this.round(),
    new OutageLines(this.logger, {
      begins: 'Webhooks cannot be sent at the moment',
      ends: 'Webhooks are sent again.',
    }),
  );
  private readonly cut = new AbortController();
  private clearedAt = -Infinity;
  private measuredAt = -Infinity;
  private oldestDueSeconds = 0;

  constructor(
    private readonly database: JobsDatabase,
    @Inject(NOTIFICATIONS_OPTIONS) private readonly options: NotificationsOptions,
  ) {}

  /** For metrics. */
  get state(): { underWay: number; failedRounds: number; oldestDueSeconds: number } {
    const { oldestDueSeconds } = this;
    return { underWay: this.underWay.size, failedRounds: this.rounds.failures, oldestDueSeconds };
  }

  onApplicationBootstrap(): void {
    const { pollMs } = this.options;
    if (pollMs !== undefined) this.rounds.start(pollMs);
  }

  /** Attempts under way are waited for, for a moment; the others are given back and are due at once on other instances. */
  async onApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
    const cut = setTimeout(() => this.cut.abort(), GRACE_MS);
    await Promise.all(this.underWay);
    clearTimeout(cut);
  }

  /** Claims what is due and begins its attempts. */
  private async round(): Promise<void> {
    const room = MOST_AT_ONCE - this.underWay.size;
    const claims = room > 0 ? await this.database.writeQuietly((session) => claimDue(session, room)) : [];
    for (const claim of claims) this.begin(claim);
    await this.measure();
    await this.clear();
  }

  private begin(claim: Claim): void {
    const made: Promise<void> = this.send(claim)
      // The claim ends by itself, and the delivery is tried again.
      .catch((error: unknown) => this.logger.warn(`The outcome of a webhook delivery is lost: ${String(error)}`))
      .finally(() => {
        this.underWay.delete(made);
        this.rounds.wake();
      });
    this.underWay.add(made);
  }

  private async send(claim: Claim): Promise<void> {
    const attempted = await this.attempt(claim).catch(() => undefined);
    if (!attempted) return this.database.writeQuietly((session) => release(session, claim));
    const verdict = verdictOn(attempted, claim.attempts, Math.random());
    await this.database.writeQuietly((session) => settle(session, claim, attempted, verdict));
    this.outcomes[verdict.kind]++;
    if (verdict.kind === 'FAILED')
      this.logger.warn(
        `The webhook endpoint ${claim.endpointId} of tenant ${claim.tenantId} is disabled: ${verdict.disables}.`,
      );
  }

  private attempt(claim: Claim): Promise<Attempted> {
    const made = () => attempt(signed(claim), this.options, this.cut.signal);
    if (!webhookAttemptChannel.hasSubscribers) return made();
    const { traceparent, kind, attempts } = claim;
    return webhookAttemptChannel.tracePromise(made, { traceparent, kind, attempts });
  }

  private async measure(): Promise<void> {
    const now = performance.now();
    if (now - this.measuredAt < MEASURE_MS) return;
    this.measuredAt = now;
    this.oldestDueSeconds = await this.database.read(oldestDue);
  }

  private async clear(): Promise<void> {
    const now = performance.now();
    if (now - this.clearedAt < HOUR_MS) return;
    this.clearedAt = now;
    for (const remove of [removeOld, removeOldMails]) {
      let removed = 1n;
      while (removed > 0n && !this.rounds.isStopped) removed = await this.database.writeQuietly(remove);
    }
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
