import type { Schema } from './compose-schema.js';

export interface DatabaseOptions extends Schema {
  /** `postgresql://` URL of an ordinary login that may set the roles of `roles.ts`; may lead through a transaction pooler. */
  url: string;
  /** The same database without a transaction pooler between: LISTEN needs a session. Default: `url`. */
  directUrl?: string;
  /** Connections at most for the work of requests and jobs; default 8. Verification has a pool of its own. */
  connections?: number;
}
export const DATABASE_OPTIONS = Symbol('DATABASE_OPTIONS');
