export { Device } from './device.entity.js';
