export { boundsOf, instantCheck, lengthCheck } from './checks.js';
export { composeSchema } from './compose-schema.js';
export type { Schema } from './compose-schema.js';
export { JOBS_WORK, memberIsolation, memberIsolationBy, TENANT_ISOLATION, VERIFIER_READS } from './row-security.js';
export type { TableOf } from './table.js';
