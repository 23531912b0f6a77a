import { type DynamicModule, Module } from '@nestjs/common';
import { MetricsController } from './metrics.controller.js';
import { PortalMetrics } from './portal-metrics.js';

@Module({})
export class MetricsModule {
  /** @param apiKeys the one that the application has */
  static forRoot(apiKeys: DynamicModule): DynamicModule {
    return {
      module: MetricsModule,
      imports: [apiKeys],
      controllers: [MetricsController],
      providers: [PortalMetrics],
      exports: [PortalMetrics],
    };
  }
}
