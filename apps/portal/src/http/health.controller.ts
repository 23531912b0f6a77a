import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from '#access';
import { type Health, Readiness } from '#database';

/** Public: load balancers and monitors have no credential. */
@Controller('health')
@Public()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** The process answers. No dependency is checked: an outage elsewhere must not restart the process. */
  @Get('live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** 200 where requests may be sent here, 503 otherwise. */
  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Health> {
    const health = await this.readiness.check();
    void reply.status(health.status === 'error' ? 503 : 200);
    return health;
  }
}
