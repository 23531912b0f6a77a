import type { Schema } from '#database/schema';
import { Device } from './device.entity.js';
import { Migration20261122090200_devices } from './migrations/20261122090200-devices.js';

export { Device };

export const DEVICES_SCHEMA: Schema = {
  entities: [Device],
  migrations: [Migration20261122090200_devices],
};
