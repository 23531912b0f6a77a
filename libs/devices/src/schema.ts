import type { Schema } from '#database/schema';
import { Device } from './device.entity.js';
import { Migration20261122090200_devices } from './migrations/20261122090200-devices.js';
import { Migration20261128110100_device_bounds } from './migrations/20261128110100-device-bounds.js';

export { Device };

export const DEVICES_SCHEMA: Schema = {
  entities: [Device],
  migrations: [Migration20261122090200_devices, Migration20261128110100_device_bounds],
};
