import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { Schema } from './tables/compose-schema.js';

export interface DatabaseOptions extends Schema {
  /** `postgresql://` URL of an ordinary login that may set the roles of `roles.ts`. May lead through a transaction pooler. */
  url: string;
  /** The same database without a transaction pooler, since LISTEN needs a session. Default: `url`. */
  directUrl?: string;
  /**
   * Replicas of the same database, directly or through a pooler. Lists and details may be read there in an application that announces
   * its operations, as the portal does. Default: every read goes to `url`.
   */
  readUrl?: string;
  /**
   * `auto`: while commits wait for a standby, the server has to prove that it leads (`LeadershipFence`). `off`: something else
   * ends a primary before its standby is promoted. Default: `auto`.
   */
  fence?: 'auto' | 'off';
  /** Maximum number of connections for requests and jobs; default 8. Verification has a pool of its own. */
  connections?: number;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: DATABASE_OPTIONS } =
  new ConfigurableModuleBuilder<DatabaseOptions>().setClassMethodName('forRoot').build();
