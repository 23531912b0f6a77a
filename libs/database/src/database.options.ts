import type { Schema } from './compose-schema.js';

export interface DatabaseOptions extends Schema {
  /** `postgresql://` URL of an ordinary login that may set the roles of `roles.ts`. May lead through a transaction pooler. */
  url: string;
  /** The same database without a transaction pooler, since LISTEN needs a session. Default: `url`. */
  directUrl?: string;
  /** Maximum number of connections for requests and jobs; default 8. Verification has a pool of its own. */
  connections?: number;
}
export const DATABASE_OPTIONS = Symbol('DATABASE_OPTIONS');
