import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { DynamicModule, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { LogOutput } from '../../apps/portal/src/http/log-output.js';
import { createLogger } from '../../apps/portal/src/http/logging.js';
import type { AnswerTimes } from '../../apps/portal/src/http/unread-answers.js';
import { createPortal, type HttpTimeouts } from '../../apps/portal/src/portal.application.js';
import { type PortalConfig, readConfig } from '../../apps/portal/src/portal.config.js';
import { InvalidationChannel } from '#database';
import { DevelopmentIssuer } from '#sessions';
import type { Answer } from './answer.js';
import { keepOutput } from './evidence.js';
import { Given } from './given.js';
import { type Credential, post } from './post.js';
import { requestLog } from './request-log.js';
import { recordStatements } from './statements.js';
import { TestDatabase } from './test-database.js';
import { until } from './until.js';

/** Variables that a run may set for all of its portals, as `API_KEYS_CACHE_SIZE=0 npm test`. */
const TAKEN_OVER = ['API_KEYS_CACHE_SIZE'];
/** `COMPILE_AFTER=0 npm test`: each query takes the fast path from its second run on. `Infinity`: no query ever takes it. */
const COMPILE_AFTER = process.env['COMPILE_AFTER'];

export interface PortalOptions {
  /** The database of another portal, for two instances on one database. */
  database?: TestDatabase;
  /** Ways to that database other than the straight one: URLs of proxies. */
  through?: { pool?: string; listen?: string };
  environment?: Record<string, string>;
  config?: Partial<Omit<PortalConfig, 'apiKeys'>> & { apiKeys?: Partial<PortalConfig['apiKeys']> };
  /** Modules of the test's own. */
  imports?: (Type | DynamicModule)[];
  /** Default: as in production, too long to wait for. */
  timeouts?: HttpTimeouts;
  answerTimes?: AnswerTimes;
}

export interface Ask extends Credential {
  variables?: Record<string, unknown>;
  operationName?: string;
}

/** The real application on a database of its own, asked over HTTP. */
export class TestPortal {
  readonly given: Given;
  /** Everything that this portal logged, a line each. */
  readonly log: string[];

  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
    readonly database: TestDatabase,
    readonly issuer: DevelopmentIssuer,
    log: string[],
    private readonly cleanUp: () => Promise<void>,
  ) {
    this.given = new Given(this, app);
    this.log = log;
  }

  static async start(options: PortalOptions = {}): Promise<TestPortal> {
    const database = options.database ?? (await TestDatabase.create());
    const dataDirectory = await mkdtemp(join(tmpdir(), 'latchkey-portal-'));
    const log: string[] = [];
    const cleanUp = async () => {
      keepOutput('portal', log.join(''));
      await rm(dataDirectory, { recursive: true, force: true });
      if (!options.database) await database.drop();
    };
    try {
      const settings = settingsOf(options, dataDirectory, database);
      const app = await createPortal(settings, options.through?.pool ?? database.url, {
        imports: options.imports ?? [],
        ...(options.timeouts && { timeouts: options.timeouts }),
        ...(options.answerTimes && { answerTimes: options.answerTimes }),
        log: {
          logger: createLogger({ ...settings, logLevel: 'debug' }, sinkOf(log)),
          output: LogOutput.standard(),
        },
      });
      await app.listen({ host: '127.0.0.1', port: 0 });
      const issuer = await DevelopmentIssuer.open(settings.dataDirectory);
      return new TestPortal(app, await app.getUrl(), database, issuer, log, cleanUp);
    } catch (error) {
      await cleanUp();
      throw error;
    }
  }

  /** Sends one operation. */
  query(query: string, { variables, operationName, ...credential }: Ask = {}): Promise<Answer> {
    return this.send(JSON.stringify({ query, variables, operationName }), credential);
  }

  /** Sends a body as it is, which no object may be able to stand for. */
  async send(body: string, credential: Credential = {}): Promise<Answer> {
    const begunAt = performance.now();
    const answer = await post(`${this.url}/graphql`, body, credential);
    const { key, session } = credential;
    requestLog.note({ url: this.url, credential: key ?? session, begunAt, endedAt: performance.now(), answer });
    return answer;
  }

  /** The SQL that this process sends to any database while `work` runs. */
  sqlOf(work: () => Promise<unknown>): Promise<string[]> {
    return recordStatements(work);
  }

  get invalidations(): InvalidationChannel {
    return this.app.get(InvalidationChannel, { strict: false });
  }

  /** Waits until the cache of verdicts may be relied on, after the start or after what was just written. */
  async settled(tenantId = ''): Promise<this> {
    await until(
      'changes are proven',
      () => this.invalidations.isProven(performance.now()) && this.invalidations.ownWritesAreReported(tenantId),
    );
    return this;
  }

  /** Waits until this portal has received every change committed so far, by any program. */
  async caughtUp(): Promise<void> {
    const now = performance.now();
    await until('everything committed so far is reported', () => this.invalidations.reportedUntil >= now);
  }

  /** @throws when a request did not end as all must */
  async stop(): Promise<void> {
    // A client that gave up before it asked leaves a connection that Node.js waits for.
    this.app.getHttpServer().closeAllConnections();
    await this.app.close();
    await this.cleanUp();
    requestLog.check();
  }
}

function settingsOf(
  { through, environment, config }: PortalOptions,
  dataDirectory: string,
  { url }: TestDatabase,
): PortalConfig {
  const takenOver = Object.fromEntries(TAKEN_OVER.map((name) => [name, process.env[name]]));
  const read = readConfig({ NODE_ENV: 'test', ...takenOver, ...environment });
  const apiKeys = { ...read.apiKeys, ...config?.apiKeys };
  const compiling = COMPILE_AFTER === undefined ? {} : { compileAfter: Number(COMPILE_AFTER) };
  return { ...read, dataDirectory, ...compiling, ...config, apiKeys, databaseDirectUrl: through?.listen ?? url };
}

function sinkOf(lines: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
}
