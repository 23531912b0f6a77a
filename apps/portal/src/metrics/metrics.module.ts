import { type DynamicModule, Module } from '@nestjs/common';
import { LogOutput } from '../http/log-output.js';
import { MetricsController } from './metrics.controller.js';
import { PortalMetrics } from './portal-metrics.js';

@Module({})
export class MetricsModule {
  /** @param apiKeys the one that the application has */
  static forRoot(apiKeys: DynamicModule, log: LogOutput): DynamicModule {
    return {
      module: MetricsModule,
      imports: [apiKeys],
      controllers: [MetricsController],
      providers: [PortalMetrics, { provide: LogOutput, useValue: log }],
      exports: [PortalMetrics],
    };
  }
}
