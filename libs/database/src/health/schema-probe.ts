import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { OperatorError } from '#kernel';
import { DATABASE_OPTIONS, type DatabaseOptions } from '../database.options.js';
import { IS_POOLED } from '../database.token.js';
import { LeadingPool } from '../leading/leading-pool.js';
import { LeadingServer } from '../leading/leading-server.js';
import { poolConfig } from '../connections/pool-settings.js';
import { stateOf } from '../migrator/schema-state.js';

/** A readiness check has to answer soon. */
const ANSWER_MS = 1_500;

/** The database lacks migrations of this build. */
class SchemaIncomplete extends OperatorError {
  constructor([first, ...others]: readonly string[]) {
    const more = others.length > 0 ? ` and ${others.length} more migrations` : '';
    super(
      `The database lacks ${first}${more}: run "npx latchkey migrate", or call migrate(), before the application starts.`,
    );
  }
}

/**
 * Checks, on a connection of its own, whether the database answers, whether it leads, and which migrations it lacks. Busy pools
 * do not make the check fail: taking an overloaded instance out of service does not help.
 */
@Injectable()
export class SchemaProbe implements OnModuleInit, OnApplicationShutdown {
  private readonly pool: LeadingPool;
  private underWay: Promise<string[]> | undefined;

  constructor(
    @Inject(DATABASE_OPTIONS) private readonly options: DatabaseOptions,
    @Inject(IS_POOLED) isPooled: boolean,
    servers: LeadingServer,
  ) {
    const config = {
      ...poolConfig({ url: options.url, role: undefined, max: 1, isPooled }),
      application_name: 'latchkey probe',
      // Both time limits are counted here: where the network drops packets, we give the connection up.
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
    };
    this.pool = new LeadingPool({ config, role: undefined, isPooled }, servers);
  }

  /**
   * A database that does not answer stops no start: the application serves once the database does.
   * @throws {SchemaIncomplete}
   */
  async onModuleInit(): Promise<void> {
    const pending = await this.pendingMigrations().catch(() => []);
    if (pending.length > 0) throw new SchemaIncomplete(pending);
  }

  /**
   * Names of this build's migrations and repeated steps that the database lacks. One statement runs at a time, shared by all
   * concurrent callers.
   * @throws {Error} after 1.5 s at most; the driver's message names hosts and is not for clients
   */
  pendingMigrations(): Promise<string[]> {
    this.underWay ??= Promise.race([this.ask(), tooLate()]).finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }

  private async ask(): Promise<string[]> {
    // A server that verdicts may not be read from can serve no request: the pool refuses it.
    return this.pool.run(async (client) => (await stateOf(client, this.options)).pending);
  }
}

async function tooLate(): Promise<never> {
  await wait(ANSWER_MS, undefined, { ref: false });
  throw new Error(`The database does not answer within ${ANSWER_MS} ms.`);
}
