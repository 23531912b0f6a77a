import type { Schema } from '#database/schema';
import { ApiKeyPolicy } from './policy/api-key-policy.entity.js';
import { ApiKey } from './keys/api-key.entity.js';
import {
  ApiKeyAddress,
  ApiKeyScopeUse,
  ApiKeyUsageDay,
  ApiKeyUsageHour,
  ApiKeyUseBatch,
} from './usage/api-key-usage.entity.js';
import { ApiKeyEvent } from './audit/api-key-event.entity.js';
import { FormerSecret } from './keys/former-secret.entity.js';
import { KeyPrefix } from './keys/key-prefix.entity.js';
import { Migration20261122090100_api_keys } from './migrations/20261122090100-api-keys.js';
import { Migration20261122110000_api_key_events } from './migrations/20261122110000-api-key-events.js';
import { Migration20261122110100_key_rotation } from './migrations/20261122110100-key-rotation.js';
import { Migration20261122110200_idempotent_creation } from './migrations/20261122110200-idempotent-creation.js';
import { Migration20261122110300_api_key_orders } from './migrations/20261122110300-api-key-orders.js';
import { Migration20261122120000_api_key_policies } from './migrations/20261122120000-api-key-policies.js';
import { Migration20261122130000_api_key_usage } from './migrations/20261122130000-api-key-usage.js';
import { Migration20261122140000_change_triggers } from './migrations/20261122140000-change-triggers.js';
import { Migration20261128100000_use_batches } from './migrations/20261128100000-use-batches.js';
import { Migration20261128100100_row_bounds } from './migrations/20261128100100-row-bounds.js';
import { Migration20261128100200_key_prefix } from './migrations/20261128100200-key-prefix.js';
import { Migration20261128100300_usage_bounds } from './migrations/20261128100300-usage-bounds.js';
import { Migration20261128110000_found_at } from './migrations/20261128110000-found-at.js';
import { Migration20261128210000_member_keys } from './migrations/20261128210000-member-keys.js';
import { Migration20261128210100_key_addresses } from './migrations/20261128210100-key-addresses.js';
import { Migration20261129010100_event_transactions } from './migrations/20261129010100-event-transactions.js';
import { CHANGE_TRIGGERS } from './verification/change-triggers.js';

export { ApiKey };

export const API_KEYS_SCHEMA: Schema = {
  entities: [
    ApiKey,
    FormerSecret,
    ApiKeyPolicy,
    ApiKeyEvent,
    ApiKeyUsageHour,
    ApiKeyUsageDay,
    ApiKeyScopeUse,
    ApiKeyAddress,
    ApiKeyUseBatch,
    KeyPrefix,
  ],
  migrations: [
    Migration20261122090100_api_keys,
    Migration20261122110000_api_key_events,
    Migration20261122110100_key_rotation,
    Migration20261122110200_idempotent_creation,
    Migration20261122110300_api_key_orders,
    Migration20261122120000_api_key_policies,
    Migration20261122130000_api_key_usage,
    Migration20261122140000_change_triggers,
    Migration20261128100000_use_batches,
    Migration20261128100100_row_bounds,
    Migration20261128100200_key_prefix,
    Migration20261128100300_usage_bounds,
    Migration20261128110000_found_at,
    Migration20261128210000_member_keys,
    Migration20261128210100_key_addresses,
    Migration20261129010100_event_transactions,
  ],
  triggers: CHANGE_TRIGGERS,
};
