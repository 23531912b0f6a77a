import type { Schema } from '#database/schema';
import { Alert } from './alert.entity.js';
import { Migration20261122100000_alerts } from './migrations/20261122100000-alerts.js';

export const ALERTS_SCHEMA: Schema = {
  entities: [Alert],
  migrations: [Migration20261122100000_alerts],
};
