export { ConfigBackup } from './config-backup.entity.js';
