import { Controller, Get } from '@nestjs/common';
import { Public } from '#access';

@Controller('health')
export class HealthController {
  /** Whoever watches the process has no credential. */
  @Get('live')
  @Public()
  live(): { status: string } {
    return { status: 'ok' };
  }
}
