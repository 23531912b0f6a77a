import { HeartbeatKey } from './heartbeat-key.entity.js';
import { Migration20261129050000_heartbeat_key } from './migrations/20261129050000-heartbeat-key.js';

/** The table of this room. `composeSchema` adds it to every schema. */
export const DATABASE_SCHEMA = {
  entities: [HeartbeatKey],
  migrations: [Migration20261129050000_heartbeat_key],
};
