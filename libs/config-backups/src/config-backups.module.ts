import { Module } from '@nestjs/common';
import { DevicesModule } from '#devices';
import { ConfigBackupResolver } from './config-backup.resolver.js';
import { ConfigBackupService } from './config-backup.service.js';
import { DeviceConfigBackupsResolver } from './device-config-backups.resolver.js';

@Module({
  imports: [DevicesModule],
  providers: [ConfigBackupService, ConfigBackupResolver, DeviceConfigBackupsResolver],
  exports: [ConfigBackupService],
})
export class ConfigBackupsModule {}
