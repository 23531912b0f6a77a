import type { AnyEntity, EntityName } from '@mikro-orm/core';

export interface DatabaseOptions {
  /** `postgresql://` URL of an ordinary login that may set the roles of `roles.ts`. */
  url: string;
  /** Tables of all rooms. */
  entities: readonly EntityName<AnyEntity>[];
}
export const DATABASE_OPTIONS = Symbol('DATABASE_OPTIONS');
