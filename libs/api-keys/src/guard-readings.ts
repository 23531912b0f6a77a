import { Injectable } from '@nestjs/common';
import { DatabaseReadings } from '#database';
import { byOutcome, type Reading, type Sample, single } from '#kernel';
import { RateLimiter } from './limits/rate-limiter.js';
import { UsageRetention } from './usage/usage-retention.js';
import { UseRecorder } from './usage/use-recorder.js';
import { ApiKeyVerifier } from './verification/api-key.verifier.js';

/** The metrics of the guard and of its database, for the monitor of an application. No label names a tenant, key, user or address. */
@Injectable()
export class GuardReadings {
  readonly all: readonly Reading[];

  constructor(
    verifier: ApiKeyVerifier,
    limiter: RateLimiter,
    uses: UseRecorder,
    retention: UsageRetention,
    database: DatabaseReadings,
  ) {
    this.all = [
      ...verificationReadings(verifier),
      ...usageReadings(uses, retention),
      ...limiterReadings(limiter),
      ...database.all,
    ];
  }
}

function verificationReadings(verifier: ApiKeyVerifier): Reading[] {
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

function usageReadings(uses: UseRecorder, retention: UsageRetention): Reading[] {
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

function limiterReadings(limiter: RateLimiter): Reading[] {
  return [
    {
      name: 'latchkey_rate_limit_requests_total',
      help: 'Requests held to a rate; "uncounted" were let through because the store of limits was away.',
      labels: ['outcome'],
      read: () => byOutcome(limiter.counters),
    },
  ];
}
