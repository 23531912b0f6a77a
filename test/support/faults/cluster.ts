import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { administratorSql, migrate } from '#database';
import { type EmbeddedServer, startEmbeddedServer } from '#embedded-server';
import { SCHEMA } from '../../../mikro-orm.config.js';
import { TestDatabase } from '../test-database.js';
import { until } from '../until.js';

/** The signal that stops PostgreSQL: it waits for its clients, disconnects them, or drops everything. */
const STOP_SIGNALS = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/** A PostgreSQL server of a test's own, migrated, that can be killed and started again on the same data. */
export class Cluster {
  private constructor(
    private readonly directory: string,
    private readonly settings: Record<string, string>,
    private server: EmbeddedServer,
  ) {}

  static async start(settings: Record<string, string> = {}): Promise<Cluster> {
    const directory = await mkdtemp(join(await realpath(tmpdir()), 'latchkey-cluster-'));
    // Started by root, the server runs as another user, who must be able to enter.
    await chmod(directory, 0o755);
    const cluster = new Cluster(directory, settings, await launch(directory, settings));
    await migrate({ url: cluster.url, ...SCHEMA });
    return cluster;
  }

  /** The URL for the ordinary login that the application uses; the same after every start. */
  get url(): string {
    return this.server.url;
  }

  /** A folder for files that are removed with the cluster. */
  get home(): string {
    return this.directory;
  }

  /** The id of its first process. */
  get pid(): number {
    return this.server.pid;
  }

  get database(): TestDatabase {
    return TestDatabase.at(this.server.url, this.server.superuserUrl);
  }

  /** Its processes, the first one before those it started. */
  get processes(): number[] {
    const children = execFileSync('pgrep', ['-P', String(this.server.pid)], { encoding: 'utf8' });
    return [this.server.pid, ...children.trim().split('\n').map(Number)];
  }

  /** Kills the process behind one connection of the application: the server drops all others too, and recovers. */
  async killBackend(): Promise<void> {
    const [backend] = await this.database.sql<{ pid: number }>(
      `select pid from pg_stat_activity where application_name like 'latchkey portal%' limit 1`,
    );
    if (!backend) throw new Error('The application has no connection.');
    process.kill(backend.pid, 'SIGKILL');
  }

  signal(mode: keyof typeof STOP_SIGNALS): void {
    process.kill(this.server.pid, STOP_SIGNALS[mode]);
  }

  async hasGone(): Promise<void> {
    const { pid } = this.server;
    await until('the server has gone', () => !isAlive(pid));
  }

  async restart(): Promise<void> {
    this.server = await launch(this.directory, this.settings);
  }

  async remove(): Promise<void> {
    await this.server.stop();
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A process of ours: its end is noted at once. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function launch(directory: string, settings: Record<string, string>): Promise<EmbeddedServer> {
  // Disposable: nothing is forced to the disk. A process that is killed leaves what it wrote to the system all the same.
  const isOurs = { announce: () => undefined, disposable: true, startsAgain: false };
  return startEmbeddedServer({ directory, settings, administratorSql, ...isOurs });
}
