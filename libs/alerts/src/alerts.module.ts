import { Module } from '@nestjs/common';
import { DevicesModule } from '#devices';
import { AlertIntake } from './alert-intake.js';
import { AlertResolver } from './alert.resolver.js';
import { AlertService } from './alert.service.js';
import { DeviceAlertsResolver } from './device-alerts.resolver.js';

@Module({
  imports: [DevicesModule],
  providers: [AlertService, AlertIntake, AlertResolver, DeviceAlertsResolver],
  exports: [AlertIntake],
})
export class AlertsModule {}
