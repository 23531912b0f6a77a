export { FirmwareModule } from './firmware.module.js';
export { FirmwareUpgradeService } from './firmware-upgrade.service.js';
export { FIRMWARE_SCOPES } from './firmware.scopes.js';
