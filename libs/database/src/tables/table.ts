import type { EntitySchemaWithMeta } from '@mikro-orm/core';
import type { InferKyselyTable } from '@mikro-orm/postgresql';

/** The columns of an entity's table as `TenantDatabase.read` sees them, by the names of its properties. */
export type TableOf<Schema extends EntitySchemaWithMeta> = InferKyselyTable<
  Schema,
  { columnNamingStrategy: 'property' }
>;
