export { CONFIG_BACKUP_SCOPES } from './config-backup.scopes.js';
export { ConfigBackupService } from './config-backup.service.js';
export type { NewConfigBackup } from './config-backup.service.js';
export { ConfigBackupsModule } from './config-backups.module.js';
