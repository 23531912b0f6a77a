export { AlertIntake } from './alert-intake.js';
export type { Observation } from './alert-intake.js';
export { ALERT_SCOPES } from './alert.scopes.js';
export { AlertsModule } from './alerts.module.js';
