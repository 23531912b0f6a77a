import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DevelopmentIssuer } from '#sessions';
import { serve, type Served } from '../command-line.js';
import { TestDatabase } from '../test-database.js';
import { TestPortal } from '../test-portal.js';
import { until } from '../until.js';

const SESSION_SECONDS = 24 * 3600;
const MEGABYTE = 1024 * 1024;
/**
 * Runs in the portal's process. CPU of the thread between two turns of its event loop is known to 2 ms; a clock on the wall would
 * also count the time that the thread waited for a core. A signal prints the figures, once all garbage is collected.
 */
const METER = `
  let longest = 0;
  let before = process.threadCpuUsage();
  const take = () => {
    const { user, system } = process.threadCpuUsage(before);
    before = process.threadCpuUsage();
    longest = Math.max(longest, (user + system) / 1000);
  };
  setInterval(take, 2).unref();
  process.on('SIGUSR2', () => {
    take();
    gc();
    const { heapUsed, external } = process.memoryUsage();
    process.stderr.write('METER ' + (heapUsed + external) + ' ' + longest + '\\n');
    longest = 0;
    before = process.threadCpuUsage();
  });`;

export interface Figures {
  memoryMb: number;
  /** The longest work between two turns of the event loop since the figures before, in milliseconds of CPU. */
  longestMs: number;
}

/** The built portal in a process of its own, which reports its memory and the work of its event loop. */
export class MeteredPortal {
  private constructor(
    private readonly served: Served,
    private readonly cwd: string,
    readonly database: TestDatabase,
    /** A key with every scope, and a session of the admin who made it. */
    readonly key: string,
    readonly session: string,
  ) {}

  static async start(): Promise<MeteredPortal> {
    const database = await TestDatabase.create();
    const maker = await TestPortal.start({ database });
    const { secret, admin } = await maker.given.apiKey();
    await maker.stop();
    const cwd = await mkdtemp(join(tmpdir(), 'latchkey-metered-'));
    const issuer = await DevelopmentIssuer.open(join(cwd, '.data'));
    const session = await issuer.token(admin.email, SESSION_SECONDS, new Date());
    const NODE_OPTIONS = `--expose-gc --import data:text/javascript,${encodeURIComponent(METER)}`;
    const environment = { DATABASE_URL: database.url, LOG_LEVEL: 'warn', NODE_OPTIONS };
    const portal = new MeteredPortal(await serve([], { cwd, environment }), cwd, database, secret, session);
    // The start is no answer to a request.
    await portal.figures();
    return portal;
  }

  /** The URL of the server, without a path. */
  get origin(): string {
    return new URL(String(this.served.printed('URL'))).origin;
  }

  async figures(): Promise<Figures> {
    const lines = () => this.served.output().stderr.match(/^METER .*$/gm) ?? [];
    const known = lines().length;
    this.served.signal('SIGUSR2');
    await until('the figures are printed', () => lines().length > known);
    const [, bytes, ms] = lines().at(-1)?.split(' ') ?? [];
    return { memoryMb: Number(bytes) / MEGABYTE, longestMs: Number(ms) };
  }

  async stop(): Promise<void> {
    await this.served.end('SIGTERM');
    await rm(this.cwd, { recursive: true, force: true });
    await this.database.drop();
  }
}
