import type { Schema } from '#database/schema';
import { FirmwareUpgrade } from './firmware-upgrade.entity.js';
import { Migration20261122100200_firmware_upgrades } from './migrations/20261122100200-firmware-upgrades.js';
import { Migration20261128110400_firmware_bounds } from './migrations/20261128110400-firmware-bounds.js';

export const FIRMWARE_SCHEMA: Schema = {
  entities: [FirmwareUpgrade],
  migrations: [Migration20261122100200_firmware_upgrades, Migration20261128110400_firmware_bounds],
};
