import type { AnyEntity, Constructor, EntityName } from '@mikro-orm/core';
import type { Migration } from '@mikro-orm/migrations';

/** The tables of an application. */
export interface Schema {
  /** Of all its rooms. */
  entities: readonly EntityName<AnyEntity>[];
  /** What makes them, in this order; default: the portal's. Another application gives API_KEY_MIGRATIONS and its own. */
  migrations?: readonly Constructor<Migration>[];
}
