import { Module } from '@nestjs/common';
import { DeviceResolver } from './device.resolver.js';
import { DeviceService } from './device.service.js';

@Module({ providers: [DeviceService, DeviceResolver], exports: [DeviceService] })
export class DevicesModule {}
