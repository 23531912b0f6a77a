import { Controller, Get, Header } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Public } from '#access';
import { PortalMetrics } from './portal-metrics.js';

@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: PortalMetrics) {}

  /** Prometheus scrapes without a credential, and no metric belongs to a tenant or key. */
  @Get()
  @Public()
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  scrape(): Promise<string> {
    return this.metrics.text();
  }
}
