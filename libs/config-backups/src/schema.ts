import type { Schema } from '#database/schema';
import { ConfigBackup } from './config-backup.entity.js';
import { Migration20261122100100_config_backups } from './migrations/20261122100100-config-backups.js';
import { Migration20261128110300_config_backup_bounds } from './migrations/20261128110300-config-backup-bounds.js';

export const CONFIG_BACKUPS_SCHEMA: Schema = {
  entities: [ConfigBackup],
  migrations: [Migration20261122100100_config_backups, Migration20261128110300_config_backup_bounds],
};
