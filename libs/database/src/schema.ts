export { composeSchema } from './compose-schema.js';
export type { Schema } from './compose-schema.js';
export { JOBS_WORK, TENANT_ISOLATION, VERIFIER_READS } from './row-security.js';
export type { TableOf } from './table.js';

/** A SQL condition on a column: the instants that RFC 3339 can write. */
export const instantCheck = (column: string): string =>
  `${column} >= '0001-01-01 00:00:00+00' and ${column} < '10000-01-01 00:00:00+00'`;
