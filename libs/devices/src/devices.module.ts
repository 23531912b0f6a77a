import { Module } from '@nestjs/common';
import { DeviceDirectory } from './device-directory.js';
import { DeviceResolver } from './device.resolver.js';
import { DeviceService } from './device.service.js';

@Module({ providers: [DeviceService, DeviceDirectory, DeviceResolver], exports: [DeviceService, DeviceDirectory] })
export class DevicesModule {}
