export { Alert } from './alert.entity.js';
