import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from '#access';
import { InvalidationChannel, LeadershipFence, ReplicaReads, SchemaProbe, VerifierDatabase } from '#database';
import { type Check, healthOf, type Health } from './health.rules.js';

/** Public: load balancers and monitors have no credential. */
@Controller('health')
@Public()
export class HealthController {
  constructor(
    private readonly schema: SchemaProbe,
    private readonly invalidations: InvalidationChannel,
    private readonly verifier: VerifierDatabase,
    private readonly fence: LeadershipFence,
    private readonly replicas: ReplicaReads,
  ) {}

  /** The process answers. No dependency is checked: an outage elsewhere must not restart the process. */
  @Get('live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  /**
   * 200 where requests may be sent here: the database answers, is proven to lead where it has a synchronous standby, has every
   * migration of this build, and lacks no policy and no grant; 503 otherwise. While the invalidation channel is not proven, verdicts are read anew each time, so answers are slower but correct: the
   * status is 200, `degraded`.
   */
  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Health> {
    // The error is not shown: the driver's message names hosts.
    const pending = await this.schema.pendingMigrations().catch(() => undefined);
    const { state } = this.invalidations;
    const health = healthOf({
      database: pending ? { status: 'up' } : { status: 'down', message: 'does not answer' },
      leadership: this.fence.state === 'missing' ? NOT_ACKNOWLEDGED : { status: 'up' },
      migrations: checkOfMigrations(pending),
      rowSecurity: this.verifier.rowSecurity.isWhole ? { status: 'up' } : NOT_WHOLE,
      changes: state === 'proven' ? { status: 'up' } : { status: 'degraded', message: state },
      ...checkOfReplicas(this.replicas.state),
    });
    void reply.status(health.status === 'error' ? 503 : 200);
    return health;
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
