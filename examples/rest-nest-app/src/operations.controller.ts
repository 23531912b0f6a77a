import { Public } from '@latchkey/nestjs/access';
import { GuardReadings, type Health, Readiness } from '@latchkey/nestjs/operations';
import { Controller, Get, Header, Res } from '@nestjs/common';

/** A load balancer and a monitor have no credential. */
@Controller()
@Public()
export class OperationsController {
  constructor(
    private readonly readiness: Readiness,
    private readonly readings: GuardReadings,
  ) {}

  @Get('health/ready')
  async ready(@Res({ passthrough: true }) reply: { status(code: number): unknown }): Promise<Health> {
    const health = await this.readiness.check();
    reply.status(health.status === 'error' ? 503 : 200);
    return health;
  }

  /** In the text format of Prometheus. */
  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4')
  metrics(): string {
    const lines = this.readings.all.flatMap(({ name, read }) =>
      read().map(([labels, value]) => {
        const pairs = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
        return `${name}{${pairs.join()}} ${value}\n`;
      }),
    );
    return lines.join('');
  }
}
