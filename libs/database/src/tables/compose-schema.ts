import { type AnyEntity, type Constructor, type EntityClass, EntitySchema, type TriggerDef } from '@mikro-orm/core';
import type { Migration } from '@mikro-orm/migrations';
import type { RepeatedStep } from './repeated-steps.js';
import { DATABASE_SCHEMA } from '../own-schema.js';
import { checkedSchemaName, PUBLIC } from '../connections/schema-name.js';

/** The tables of one room or of a whole application. `composeSchema` builds the second from the first. */
export interface Schema {
  entities: readonly EntityClass<AnyEntity>[];
  /** The migrations that create the tables. The database stores the class names, so a name never changes. */
  migrations: readonly Constructor<Migration>[];
  /** Triggers that this room's migrations put on tables, including other rooms' tables, by table name. */
  triggers?: Readonly<Record<string, readonly TriggerDef[]>>;
  /** What `migrate` does after the migrations, and again whenever it has changed. */
  repeated?: readonly RepeatedStep[];
  /** The PostgreSQL schema of all tables, for a whole application. Left out: `public`. */
  schema?: string;
}

/**
 * Builds the schema of an application from the schemas of its rooms, and from the table that connections to the database need.
 * Migrations of all rooms run in the order of their names, which begin with a time stamp: a room's table may refer to another room's.
 * @param options.schema the PostgreSQL schema of all tables; `migrate` makes it. Default: `public`
 * @throws {Error} for a migration or a table that two rooms bring, for triggers of a table that no room brings, and for a wrong name
 *   of the schema
 */
export function composeSchema(rooms: readonly Schema[], { schema = PUBLIC }: { schema?: string } = {}): Schema {
  const all: readonly Schema[] = [DATABASE_SCHEMA, ...rooms];
  const entities = all.flatMap((room) => room.entities);
  const migrations = all.flatMap((room) => room.migrations);
  const triggers = mergeTriggers(all);
  const tables = entities.map(tableOf);
  refuseTwice('table', tables);
  refuseTwice(
    'migration',
    migrations.map(({ name }) => name),
  );
  const homeless = Object.keys(triggers).find((table) => !tables.includes(table));
  if (homeless) throw new Error(`A schema has triggers for the table ${homeless}, which no schema brings.`);
  const repeated = all.flatMap((room) => room.repeated ?? []);
  return {
    entities,
    migrations: migrations.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    triggers,
    ...(repeated.length > 0 && { repeated }),
    ...(checkedSchemaName(schema) !== PUBLIC && { schema }),
  };
}

function mergeTriggers(rooms: readonly Schema[]): Record<string, readonly TriggerDef[]> {
  const merged: Record<string, readonly TriggerDef[]> = {};
  for (const { triggers = {} } of rooms)
    for (const [table, added] of Object.entries(triggers)) merged[table] = [...(merged[table] ?? []), ...added];
  return merged;
}

function refuseTwice(kind: string, names: readonly string[]): void {
  const twice = names.find((name, place) => names.indexOf(name) < place);
  if (twice) throw new Error(`Two schemas bring the ${kind} ${twice}: give each name once.`);
}

function tableOf(entity: EntityClass<AnyEntity>): string {
  return EntitySchema.REGISTRY.get(entity)?.meta.tableName ?? entity.name;
}
