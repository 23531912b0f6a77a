import { Controller, Get, HttpException, Res } from '@nestjs/common';
import { HealthCheckService, type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { Public } from '#access';
import { ChangeChannel, SchemaProbe } from '#database';

/** Whoever watches the process has no credential. */
@Controller('health')
@Public()
export class HealthController {
  constructor(
    private readonly checks: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly schema: SchemaProbe,
    private readonly changes: ChangeChannel,
  ) {}

  /** The process answers. Nothing of what it depends on is asked: an outage elsewhere must not restart it. */
  @Get('live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  /**
   * Requests may be sent here: the database answers and has every migration of this build. While changes are not heard
   * of, verdicts are read anew each time, so answers are slower and still right: `degraded`. Who is told to stop takes no
   * new connection.
   */
  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    // What the driver says of a failure names hosts.
    const pending = await this.schema.pendingMigrations().catch(() => undefined);
    try {
      return await this.checks.check([
        () => this.database(pending !== undefined),
        () => this.migrations(pending),
        () => this.changesHeard(),
      ]);
    } catch (error) {
      if (!(error instanceof HttpException)) throw error;
      void reply.status(error.getStatus());
      return error.getResponse();
    }
  }

  private database(answers: boolean): HealthIndicatorResult {
    const indicator = this.indicators.check('database');
    return answers ? indicator.up() : indicator.down('does not answer');
  }

  private migrations(pending: readonly string[] | undefined): HealthIndicatorResult {
    const indicator = this.indicators.check('migrations');
    if (pending?.length === 0) return indicator.up();
    return indicator.down(pending ? `${pending.length} not applied` : 'not known');
  }

  private changesHeard(): HealthIndicatorResult {
    const indicator = this.indicators.check('changes');
    const { state } = this.changes;
    return state === 'proven' ? indicator.up() : indicator.degraded(state);
  }
}
