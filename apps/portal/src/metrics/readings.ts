import type { ApiKeyVerifier, RateLimiter, UsageRetention, UseRecorder } from '#api-keys';
import type { OpenStreams } from '#graphql';
import { LIMITS } from '#kernel';
import type { MailDispatcher, WebhookDispatcher } from '#notifications';
import type { LogOutput } from '../http/log-output.js';
import { type Reading, type Sample, single } from './reading.js';

export function verificationReadings(verifier: ApiKeyVerifier): Reading[] {
  return [
    {
      name: 'latchkey_key_verifications_total',
      help: 'Verifications of API keys, by what the verdict rests on (malformed, remembered, looked_up) and its outcome.',
      labels: ['source', 'outcome'],
      read: () => verifier.outcomes.all.map(({ source, outcome, count }): Sample => [{ source, outcome }, count]),
    },
    {
      name: 'latchkey_verdict_cache_entries',
      help: 'Verdicts held in memory (verdict), and hashes that are known to be of no key (unknown).',
      labels: ['kind'],
      read: () => {
        const { verdicts, unknown } = verifier.verdicts.remembered;
        return [
          [{ kind: 'verdict' }, verdicts],
          [{ kind: 'unknown' }, unknown],
        ];
      },
    },
    {
      name: 'latchkey_verdict_cache_capacity',
      help: 'Verdicts that memory has room for: API_KEYS_CACHE_SIZE.',
      read: () => single(verifier.verdicts.capacity),
    },
    {
      name: 'latchkey_verdict_cache_evicted_total',
      help: 'Verdicts that made room for others.',
      read: () => single(verifier.verdicts.remembered.evicted),
    },
    {
      name: 'latchkey_verdict_cache_clears_total',
      help: 'How often everything remembered was forgotten, because changes could not be relied on.',
      read: () => single(verifier.verdicts.remembered.clears),
    },
  ];
}

export function usageReadings(uses: UseRecorder, retention: UsageRetention): Reading[] {
  return [
    {
      name: 'latchkey_use_recorder_waiting_keys',
      help: 'Keys with uses that are not written yet.',
      read: () => single(uses.state.waitingKeys),
    },
    {
      name: 'latchkey_use_recorder_written_keys_total',
      help: 'Keys whose uses were written, counted in each flush.',
      read: () => single(uses.state.writtenKeys),
    },
    {
      name: 'latchkey_use_recorder_failed_flushes_total',
      help: 'Flushes of uses that failed; what they held waits for the next.',
      read: () => single(uses.state.failedFlushes),
    },
    {
      name: 'latchkey_use_recorder_dropped_requests_total',
      help: 'Requests that will never be counted: there was no room for them.',
      read: () => single(uses.state.droppedRequests),
    },
    {
      name: 'latchkey_usage_retention_runs_total',
      help: 'Hourly runs that move old counts of use into their day and delete those past their time.',
      labels: ['outcome'],
      read: () => byOutcome(retention.runs),
    },
  ];
}

export function limiterReadings(limiter: RateLimiter): Reading[] {
  return [
    {
      name: 'latchkey_rate_limit_requests_total',
      help: 'Requests held to a rate; "uncounted" were let through because the store of limits was away.',
      labels: ['outcome'],
      read: () => byOutcome(limiter.counters),
    },
  ];
}

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

const byOutcome = (counts: Readonly<Record<string, number>>): readonly Sample[] =>
  Object.entries(counts).map(([outcome, count]) => [{ outcome }, count]);
