import { rm } from 'node:fs/promises';
import { administratorSql } from '#database';
import { type EmbeddedServer, startEmbeddedServer } from '#embedded-server';
import { TestDatabase } from '../test-database.js';
import { until } from '../until.js';
import { copyOfTemplate } from './cluster-template.js';
import { processesOf, stopAtOnce } from './server-processes.js';

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
    const directory = await copyOfTemplate();
    return new Cluster(directory, settings, await launch(directory, settings));
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
    return processesOf(this.server.pid);
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
    if (isAlive(this.pid)) stopAtOnce(this.pid);
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
