import type { OpenStreams } from '#graphql';
import { byOutcome, LIMITS, type Reading, type Sample, single } from '#kernel';
import type { MailDispatcher, WebhookDispatcher } from '#notifications';
import type { LogOutput } from '../http/log-output.js';

export function logReadings(log: LogOutput): Reading[] {
  return [
    {
      name: 'latchkey_log_lines_dropped_total',
      help: 'Lines of the log that were dropped, because its output took none and too many waited.',
      read: () => single(log.dropped),
    },
  ];
}

export function webhookReadings(webhooks: WebhookDispatcher): Reading[] {
  return [
    {
      name: 'latchkey_webhook_attempts_total',
      help: 'Attempts of webhook deliveries by this instance: "delivered", "retry" (another follows), "failed" (none follows).',
      labels: ['outcome'],
      read: () => {
        const { DELIVERED: delivered, RETRY: retry, FAILED: failed } = webhooks.outcomes;
        return byOutcome({ delivered, retry, failed });
      },
    },
    {
      name: 'latchkey_webhook_attempts_under_way',
      help: 'Attempts of webhook deliveries that this instance makes at the moment.',
      read: () => single(webhooks.state.underWay),
    },
    {
      name: 'latchkey_webhook_oldest_due_seconds',
      help: 'How long the oldest webhook delivery of all instances is due that could be sent now; measured every 15 s.',
      read: () => single(webhooks.state.oldestDueSeconds),
    },
    {
      name: 'latchkey_webhook_failed_rounds_total',
      help: 'How often this instance could not look for due webhook deliveries.',
      read: () => single(webhooks.state.failedRounds),
    },
  ];
}

export function mailReadings(mails: MailDispatcher): Reading[] {
  return [
    {
      name: 'latchkey_mail_attempts_total',
      help: 'Attempts of mails by this instance: "sent", "retry" (another follows), "failed" (none follows), "dropped" (nobody to send to).',
      labels: ['outcome'],
      read: () => {
        const { SENT: sent, RETRY: retry, FAILED: failed, DROPPED: dropped } = mails.outcomes;
        return byOutcome({ sent, retry, failed, dropped });
      },
    },
    {
      name: 'latchkey_mail_failed_rounds_total',
      help: 'How often this instance could not look for due mails.',
      read: () => single(mails.failedRounds),
    },
  ];
}

export function streamReadings(streams: OpenStreams): Reading[] {
  return [
    {
      name: 'latchkey_streams_open',
      help: 'Event streams that this instance has open.',
      read: () => single(streams.count),
    },
    {
      name: 'latchkey_streams_limit',
      help: 'Event streams that this instance has open at most.',
      read: () => single(LIMITS.streams.perInstance),
    },
    {
      name: 'latchkey_streams_refused_total',
      help: 'Event streams that were refused: too many of one principal, or of this instance.',
      read: () => single(streams.refused),
    },
    {
      name: 'latchkey_streams_ended_total',
      help:
        'Event streams that ended: "gone" by their client, "credential" with their credential, "drained" by a stop, "slow" unread for ' +
        'too long, "failed" by an error, "complete" by themselves.',
      labels: ['reason'],
      read: () => Object.entries(streams.ended).map(([reason, count]): Sample => [{ reason }, count]),
    },
  ];
}
