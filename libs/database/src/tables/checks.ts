/** Instants that RFC 3339 can write. A condition of SQL, over the column. */
export const instantCheck = (column: string): string =>
  `${column} >= '0001-01-01 00:00:00+00' and ${column} < '10000-01-01 00:00:00+00'`;

/** A condition of SQL: the text in `column` has at most `most` characters. */
export const lengthCheck = (column: string, most: number): string => `char_length(${column}) <= ${most}`;

interface NamedCheck {
  name: string;
  expression: string;
}

/** Checks for the columns of a table, by names of their own. @param conditions column → condition of SQL */
export function boundsOf(table: string, conditions: Readonly<Record<string, string>>): NamedCheck[] {
  return Object.entries(conditions).map(([column, expression]) => ({
    name: `${table}_${column}_bounds_check`,
    expression,
  }));
}
