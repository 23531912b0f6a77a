import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { MikroORM } from '@mikro-orm/core';
import { InvalidationChannel } from './invalidation/invalidation-channel.js';
import { ConnectionAttempts } from './connections/connection-attempts.js';
import { ConnectionPools } from './connections/connection-pools.js';
import { Consistency } from './positions/consistency.js';
import { ConfigurableModuleClass, DATABASE_OPTIONS, type DatabaseOptions } from './database.options.js';
import { IS_POOLED, ORM } from './database.token.js';
import { JobsDatabase } from './jobs-database.js';
import { LeadershipFence } from './leading/leadership-fence.js';
import { LeadingServer, serverOf } from './leading/leading-server.js';
import { openOrm } from './migrator/orm.js';
import { breakConnections } from './connections/pool-guard.js';
import { isPooled } from './connections/pooler.js';
import { PublishingClient } from './connections/statement-channel.js';
import { ReadReplica } from './replicas/read-replica.js';
import { ReplicaReads } from './replicas/replica-reads.js';
import { SchemaProbe } from './health/schema-probe.js';
import { DatabaseReadings } from './health/database-readings.js';
import { Readiness } from './health/readiness.js';
import { TenantDatabase } from './tenant-database.js';
import { TransactionRetries } from './transactions/transaction-retries.js';
import { VerifierDatabase } from './verification/verifier-database.js';
import { RecentPositions } from './positions/wal-position.js';

/** Four connections keep a database core busy; the rest is for transactions that wait for a lock. */
const CONNECTIONS = 8;

/** Global: every room with tables uses these sessions and opens no connection of its own. */
@Global()
@Module({
  providers: [
    { provide: IS_POOLED, inject: [DATABASE_OPTIONS], useFactory: isPooled },
    {
      provide: ORM,
      inject: [DATABASE_OPTIONS, ConnectionPools, IS_POOLED, LeadingServer, ConnectionAttempts],
      useFactory: ormForRequests,
    },
    TransactionRetries,
    ConnectionAttempts,
    ConnectionPools,
    LeadingServer,
    LeadershipFence,
    Consistency,
    RecentPositions,
    ReadReplica,
    ReplicaReads,
    SchemaProbe,
    TenantDatabase,
    JobsDatabase,
    VerifierDatabase,
    InvalidationChannel,
    Readiness,
    DatabaseReadings,
  ],
  exports: [
    TenantDatabase,
    JobsDatabase,
    VerifierDatabase,
    InvalidationChannel,
    LeadershipFence,
    Consistency,
    ReplicaReads,
    TransactionRetries,
    ConnectionPools,
    Readiness,
    DatabaseReadings,
  ],
})
export class DatabaseModule extends ConfigurableModuleClass implements OnApplicationShutdown {
  constructor(@Inject(ORM) private readonly orm: MikroORM) {
    super();
  }

  /** Not earlier: requests still run until HTTP has closed, and the data they leave behind is written after that. */
  async onApplicationShutdown(): Promise<void> {
    await this.orm.close(true);
  }
}

function ormForRequests(
  options: DatabaseOptions,
  pools: ConnectionPools,
  pooled: boolean,
  servers: LeadingServer,
  attempts: ConnectionAttempts,
): Promise<MikroORM> {
  return openOrm({
    ...options,
    attempts,
    role: 'portal_app',
    isPooled: pooled,
    ...(pooled ? {} : { checkConnection: async (client) => servers.follow(await serverOf(client)) }),
    client: PublishingClient,
    max: options.connections ?? CONNECTIONS,
    onPool: (pool) => {
      pools.add('requests', pool);
      if (!pooled) servers.onChange(() => breakConnections(pool));
    },
  });
}
