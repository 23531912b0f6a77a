export { FirmwareUpgrade } from './firmware-upgrade.entity.js';
