export { DATABASE_SCHEMA } from './own-schema.js';
export { boundsOf, instantCheck, lengthCheck } from './tables/checks.js';
export { composeSchema } from './tables/compose-schema.js';
export type { Schema } from './tables/compose-schema.js';
export {
  JOBS_WORK,
  memberIsolation,
  memberIsolationBy,
  TENANT_ISOLATION,
  VERIFIER_READS,
} from './tables/row-security.js';
export type { TableOf } from './tables/table.js';
