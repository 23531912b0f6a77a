import { Module } from '@nestjs/common';
import { DevicesModule } from '#devices';
import { DeviceFirmwareResolver } from './device-firmware.resolver.js';
import { FirmwareUpgradeResolver } from './firmware-upgrade.resolver.js';
import { FirmwareUpgradeService } from './firmware-upgrade.service.js';

@Module({
  imports: [DevicesModule],
  providers: [FirmwareUpgradeService, FirmwareUpgradeResolver, DeviceFirmwareResolver],
  exports: [FirmwareUpgradeService],
})
export class FirmwareModule {}
