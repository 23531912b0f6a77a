import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { JobsDatabase } from '#database';
import { OutageLines } from '#kernel';
import { TenantDirectory } from '#tenancy';
import { NOTIFICATIONS_OPTIONS, type NotificationsOptions } from '../notifications.options.js';
import { RepeatedRounds } from '../repeated-rounds.js';
import { verdictOnMail } from './mail-attempts.rules.js';
import { mailText } from './mail-text.rules.js';
import { addressMails, claimMails, type MailClaim, type MailOutcome, settleMail } from './mail.sql.js';
import { type MailTransport, MOST_CONNECTIONS, smtpTransport } from './smtp-transport.js';

/** Sends the mails that are due, as long as the process runs. Safe on any number of instances. Without SMTP it is off. */
@Injectable()
export class MailDispatcher implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(MailDispatcher.name);
  /** Attempts since the start, by what followed from them. */
  readonly outcomes = { SENT: 0, RETRY: 0, FAILED: 0, DROPPED: 0 };
  private readonly rounds = new RepeatedRounds(
    () => this.round(),
    new OutageLines(this.logger, { begins: 'Mails cannot be sent at the moment', ends: 'Mails are sent again.' }),
  );
  private transport: MailTransport | undefined;

  constructor(
    private readonly database: JobsDatabase,
    private readonly directory: TenantDirectory,
    @Inject(NOTIFICATIONS_OPTIONS) private readonly options: NotificationsOptions,
  ) {}

  /** For metrics. */
  get failedRounds(): number {
    return this.rounds.failures;
  }

  onApplicationBootstrap(): void {
    const { pollMs, mail } = this.options;
    if (pollMs === undefined) return;
    if (!mail) return this.logger.log('Mail is off: SMTP_URL is not set.');
    this.transport = smtpTransport(mail.smtpUrl, mail.from);
    this.rounds.start(pollMs);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
    this.transport?.close();
  }

  private async round(): Promise<void> {
    await this.database.writeQuietly((session) => addressMails(session, this.directory));
    let claims: MailClaim[] = [];
    do {
      claims = await this.database.writeQuietly((session) => claimMails(session, MOST_CONNECTIONS));
      await Promise.all(claims.map((claim) => this.send(claim)));
    } while (claims.length > 0 && !this.rounds.isStopped);
  }

  private async send(claim: MailClaim): Promise<void> {
    const outcome = await this.attempt(claim);
    this.outcomes[outcome.kind]++;
    if (outcome.kind === 'FAILED') this.logger.warn(`The mail ${claim.id} could not be sent: ${outcome.error}.`);
    await this.database.writeQuietly((session) => settleMail(session, claim, outcome));
  }

  private async attempt(claim: MailClaim): Promise<MailOutcome> {
    const { id, tenantId, userId, kind, apiKeyId, data, attempts } = claim;
    // The person may have been deactivated since, or have another address by now.
    const asked = { ids: [userId], admins: false };
    const [person] = await this.database.read((session) => this.directory.reachable(session, tenantId, asked));
    if (!person || !this.transport) return { kind: 'DROPPED' };
    const { consoleUrl } = this.options;
    const link = consoleUrl !== undefined && apiKeyId !== null ? `${consoleUrl}/keys/${apiKeyId}` : undefined;
    try {
      await this.transport.send({ id, address: person.email, ...mailText(kind, data, link) });
      return { kind: 'SENT' };
    } catch (error) {
      return verdictOnMail(error, attempts, Math.random());
    }
  }
}
