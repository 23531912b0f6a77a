/** The PostgreSQL schema of the tables where the application names none. */
export const PUBLIC = 'public';

/**
 * A name that is safe in SQL, quoted or not, and in the settings of a connection.
 * @throws {Error} for any other name
 */
export function checkedSchemaName(name: string): string {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name) || name.startsWith('pg_'))
    throw new Error(
      `composeSchema: schema: "${name}" has to be a name such as latchkey: lower case letters, digits and _, at most 63, and ` +
        'nothing that begins with pg_.',
    );
  return name;
}
