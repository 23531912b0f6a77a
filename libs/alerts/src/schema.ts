import type { Schema } from '#database/schema';
import { Alert } from './alert.entity.js';
import { Migration20261122100000_alerts } from './migrations/20261122100000-alerts.js';
import { Migration20261128110200_alert_bounds } from './migrations/20261128110200-alert-bounds.js';

export const ALERTS_SCHEMA: Schema = {
  entities: [Alert],
  migrations: [Migration20261122100000_alerts, Migration20261128110200_alert_bounds],
};
