import type { AnyEntity, EntityName } from '@mikro-orm/core';

export interface DatabaseOptions {
  /** `postgresql://` URL of an ordinary login that may set the roles of `roles.ts`. */
  url: string;
  /** The same database without a transaction pooler between: LISTEN needs a session. */
  directUrl: string;
  /** Tables of all rooms. */
  entities: readonly EntityName<AnyEntity>[];
}
export const DATABASE_OPTIONS = Symbol('DATABASE_OPTIONS');
