import { CamelCasePlugin, PostgresQueryCompiler } from 'kysely';
import type { QueryArrayResult } from 'pg';

/** The names as the plugin of the query builder makes them. Used as a plugin, it would copy each statement's tree and each row. */
class Names extends CamelCasePlugin {
  columnOf(property: string): string {
    return this.snakeCase(property);
  }

  propertyOf(column: string): string {
    return this.camelCase(column);
  }
}

const names = new Names();

/** Writes the names of properties, of tables and of aliases as the database's names: `createdAt` as `created_at`. */
export class ColumnNamesCompiler extends PostgresQueryCompiler {
  protected override sanitizeIdentifier(identifier: string): string {
    return super.sanitizeIdentifier(names.columnOf(identifier));
  }
}

/** The rows as objects by the names of properties: `createdAt` for the column `created_at`. */
export function rowsByProperty({ fields, rows }: QueryArrayResult<unknown[]>): Record<string, unknown>[] {
  const properties = fields.map(({ name }) => names.propertyOf(name));
  // A copy of an object that has all members is made three times as fast as members are added one by one.
  const empty: Record<string, unknown> = Object.fromEntries(properties.map((property) => [property, undefined]));
  return rows.map((values) => {
    const row = { ...empty };
    for (let index = 0; index < properties.length; index++) row[properties[index] as string] = values[index];
    return row;
  });
}
