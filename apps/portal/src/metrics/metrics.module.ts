import { type DynamicModule, Module } from '@nestjs/common';
import { StreamsModule } from '../graphql/streams.module.js';
import { LogOutput } from '../http/log-output.js';
import { MetricsController } from './metrics.controller.js';
import { PortalMetrics } from './portal-metrics.js';

@Module({})
export class MetricsModule {
  /** @param rooms the modules of `api-keys` and `notifications` that the application has */
  static forRoot(rooms: readonly DynamicModule[], log: LogOutput): DynamicModule {
    return {
      module: MetricsModule,
      imports: [...rooms, StreamsModule],
      controllers: [MetricsController],
      providers: [PortalMetrics, { provide: LogOutput, useValue: log }],
      exports: [PortalMetrics],
    };
  }
}
