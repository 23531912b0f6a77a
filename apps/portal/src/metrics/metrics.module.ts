import { type DynamicModule, Module } from '@nestjs/common';
import { MetricsController } from './metrics.controller.js';
import { CACHE_SIZE, PortalMetrics } from './portal-metrics.js';

@Module({})
export class MetricsModule {
  /** @param apiKeys the one that the application has */
  static forRoot(cacheSize: number, apiKeys: DynamicModule): DynamicModule {
    return {
      module: MetricsModule,
      imports: [apiKeys],
      controllers: [MetricsController],
      providers: [{ provide: CACHE_SIZE, useValue: cacheSize }, PortalMetrics],
      exports: [PortalMetrics],
    };
  }
}
