export { DeviceDirectory } from './device-directory.js';
export { DeviceObject } from './device.objects.js';
export { DEVICE_SCOPES } from './device.scopes.js';
export { DeviceService } from './device.service.js';
export { DevicesModule } from './devices.module.js';
