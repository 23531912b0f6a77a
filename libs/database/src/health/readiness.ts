import { Injectable } from '@nestjs/common';
import { type Check, type Health, healthOf } from './health.rules.js';
import { InvalidationChannel } from '../invalidation/invalidation-channel.js';
import { LeadershipFence } from '../leading/leadership-fence.js';
import { ReplicaReads } from '../replicas/replica-reads.js';
import { SchemaProbe } from './schema-probe.js';
import { VerifierDatabase } from '../verification/verifier-database.js';

/** Whether requests may be sent to this instance. */
@Injectable()
export class Readiness {
  constructor(
    private readonly schema: SchemaProbe,
    private readonly invalidations: InvalidationChannel,
    private readonly verifier: VerifierDatabase,
    private readonly fence: LeadershipFence,
    private readonly replicas: ReplicaReads,
  ) {}

  /**
   * `ok` where the database answers, is proven to lead where it has a synchronous standby, has every migration of this build, and lacks
   * no policy and no grant; `error` otherwise. While the invalidation channel is not proven, verdicts are read anew each time, so
   * answers are slower but correct: `degraded`, as where replicas are configured and not in use. Takes 1.5 s at most, and never rejects.
   */
  async check(): Promise<Health> {
    // The error is not shown: the driver's message names hosts.
    const pending = await this.schema.pendingMigrations().catch(() => undefined);
    const { state } = this.invalidations;
    return healthOf({
      database: pending ? { status: 'up' } : { status: 'down', message: 'does not answer' },
      leadership: this.fence.state === 'missing' ? NOT_ACKNOWLEDGED : { status: 'up' },
      migrations: checkOfMigrations(pending),
      rowSecurity: this.verifier.rowSecurity.isWhole ? { status: 'up' } : NOT_WHOLE,
      changes: state === 'proven' ? { status: 'up' } : { status: 'degraded', message: state },
      ...checkOfReplicas(this.replicas.state),
    });
  }
}

const NOT_ACKNOWLEDGED: Check = { status: 'down', message: 'no standby acknowledges that the database leads' };
/** The log names the table. */
const NOT_WHOLE: Check = { status: 'down', message: 'a policy or a grant is missing, see the log' };

/** The primary answers where no replica does. */
function checkOfReplicas(state: ReplicaReads['state']): Record<string, Check> {
  if (state === 'off') return {};
  return { replicas: state === 'in use' ? { status: 'up' } : { status: 'degraded', message: state } };
}

function checkOfMigrations(pending: readonly string[] | undefined): Check {
  if (pending?.length === 0) return { status: 'up' };
  return { status: 'down', message: pending ? `${pending.length} not applied` : 'not known' };
}
