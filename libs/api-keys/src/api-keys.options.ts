import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { SessionVerifier } from '#access';

export interface ApiKeysOptions {
  /**
   * First part of every key, by which secret scanners recognise our keys: `<prefix>_<secret>`. 2 to 12 of `[a-z0-9]`, starting
   * with a letter.
   */
  prefix: string;
  /** Accept keys of the replaced system too: 43 base64url characters without a checksum. Default false. */
  acceptLegacy?: boolean;
  /**
   * New keys get two routing letters, the logical shard of their tenant, and have 56 characters instead of 54 with a prefix of 4.
   * Keys of both lengths are accepted in any case. Default false.
   */
  routing?: boolean;
  /**
   * Where limits are counted for all instances: a `redis://` or `rediss://` URL, a list of them for the nodes of a cluster, or
   * `redis+sentinel://host:port,host:port/master`. Undefined: each process counts its own.
   */
  redisUrl?: string;
  /** Verified keys held in memory; 0 turns the cache off. */
  cacheSize: number;
  /** Who verifies a Bearer token that is no key. Without one, such a token is refused. */
  sessions?: SessionVerifier;
  /** Last uses and counts are written once per this many seconds; default 5. */
  flushIntervalSeconds?: number;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: API_KEYS_OPTIONS } =
  new ConfigurableModuleBuilder<ApiKeysOptions>().setClassMethodName('forRoot').build();
