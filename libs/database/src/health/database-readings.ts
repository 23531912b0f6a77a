import { Injectable } from '@nestjs/common';
import { type Reading, type Sample, single } from '#kernel';
import { ConnectionPools } from '../connections/connection-pools.js';
import { CHANNEL_STATES, InvalidationChannel } from '../invalidation/invalidation-channel.js';
import { FENCE_STATES, LeadershipFence } from '../leading/leadership-fence.js';
import { REPLICA_STATES } from '../replicas/read-replica.js';
import { ReplicaReads } from '../replicas/replica-reads.js';
import { TransactionRetries } from '../transactions/transaction-retries.js';

/** The metrics of connections, transactions, replicas, the invalidation channel and the proof of the lead. */
@Injectable()
export class DatabaseReadings {
  readonly all: readonly Reading[];

  constructor(
    invalidations: InvalidationChannel,
    fence: LeadershipFence,
    pools: ConnectionPools,
    retries: TransactionRetries,
    replicas: ReplicaReads,
  ) {
    this.all = [
      ...channelReadings(invalidations),
      ...fenceReadings(fence),
      ...replicaReadings(replicas),
      ...databaseReadings(pools, retries),
    ];
  }
}

/** The names say `change`: dashboards and alerts of operators rest on them. */
function channelReadings(invalidations: InvalidationChannel): Reading[] {
  return [
    {
      name: 'latchkey_change_channel_state',
      help: '1 for the state that the invalidation channel is in; while it is not "proven", every verdict is read anew.',
      labels: ['state'],
      read: () => CHANNEL_STATES.map((state): Sample => [{ state }, invalidations.state === state ? 1 : 0]),
    },
    {
      name: 'latchkey_change_channel_lag_seconds',
      help: 'How late changes are heard of, at most; up to 0.25 s more where another instance sends the heartbeats.',
      read: () => single(invalidations.lagMs / 1000),
    },
    {
      name: 'latchkey_change_channel_losses_total',
      help: 'Connections of the invalidation channel that were lost or given up.',
      read: () => single(invalidations.losses),
    },
    {
      name: 'latchkey_change_channel_heartbeats_total',
      help: 'Heartbeats that this instance has sent: four a second at one instance of a database, and few at the others.',
      read: () => single(invalidations.heartbeats),
    },
  ];
}

function fenceReadings(fence: LeadershipFence): Reading[] {
  return [
    {
      name: 'latchkey_leadership_fence_state',
      help: '1 for the state of the proof that the database leads; while it is "missing", requests get 503.',
      labels: ['state'],
      read: () => FENCE_STATES.map((state): Sample => [{ state }, fence.state === state ? 1 : 0]),
    },
    {
      name: 'latchkey_leadership_fence_lag_seconds',
      help: 'Round trip of the last commit that a standby acknowledged as a proof.',
      read: () => single(fence.lagMs / 1000),
    },
    {
      name: 'latchkey_leadership_fence_failures_total',
      help: 'Proofs that failed: no standby acknowledged them in time, or the database did not answer.',
      read: () => single(fence.failures),
    },
  ];
}

function replicaReadings(reads: ReplicaReads): Reading[] {
  return [
    {
      name: 'latchkey_replica_state',
      help: '1 for the state of the servers behind DATABASE_READ_URL; unless it is "in use", the primary answers every read.',
      labels: ['state'],
      read: () => REPLICA_STATES.map((state): Sample => [{ state }, reads.state === state ? 1 : 0]),
    },
    {
      name: 'latchkey_replica_reads_total',
      help: 'Reads that a replica may answer, by the server that answered, and by the reason where that was the primary.',
      labels: ['server', 'reason'],
      read: () => [
        [{ server: 'replica', reason: '' }, reads.answered],
        ...Object.entries(reads.fallbacks).map(([reason, count]): Sample => [{ server: 'primary', reason }, count]),
      ],
    },
  ];
}

function databaseReadings(pools: ConnectionPools, retries: TransactionRetries): Reading[] {
  return [
    {
      name: 'latchkey_database_transaction_retries_total',
      help: 'Transactions run again because they were rolled back for the sake of another.',
      read: () => single(retries.count),
    },
    {
      name: 'latchkey_database_pool_connections',
      help: 'Open connections, by what their pool works for.',
      labels: ['pool', 'state'],
      read: () =>
        pools.states.flatMap(({ name, idle, busy }): Sample[] => [
          [{ pool: name, state: 'idle' }, idle],
          [{ pool: name, state: 'busy' }, busy],
        ]),
    },
    {
      name: 'latchkey_database_pool_size',
      help: 'Connections at most.',
      labels: ['pool'],
      read: () => pools.states.map(({ name, size }): Sample => [{ pool: name }, size]),
    },
    {
      name: 'latchkey_database_pool_waiting',
      help: 'Callers that wait for a connection.',
      labels: ['pool'],
      read: () => pools.states.map(({ name, waiting }): Sample => [{ pool: name }, waiting]),
    },
  ];
}
