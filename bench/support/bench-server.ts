import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { administratorSql, migrate } from '#database';
import { type EmbeddedServer, startEmbeddedServer } from '#embedded-server';
import { SCHEMA } from '../../mikro-orm.config.js';

/** A database with the application's schema, and nothing in it. */
export interface BenchDatabase {
  /** As the ordinary login that the application uses. */
  url: string;
  /** As the superuser. */
  administratorUrl: string;
  /** As the superuser: makes the rows. */
  administrator: Pool;
}

export interface BenchServerOptions {
  /** Without fsync: for benches in which nothing that is measured commits. */
  disposable: boolean;
  settings?: Record<string, string>;
}

/** An embedded PostgreSQL server of the bench's own. */
export class BenchServer {
  private readonly pools: Pool[] = [];

  private constructor(
    private readonly server: EmbeddedServer,
    /** The bench's own folder, gone when the server stops. */
    readonly directory: string,
  ) {}

  /** Runs `work` with a server and stops it, however `work` ends. */
  static async with<Result>(
    { disposable, settings }: BenchServerOptions,
    work: (server: BenchServer) => Promise<Result>,
  ): Promise<Result> {
    const directory = await mkdtemp(join(tmpdir(), 'latchkey-bench-'));
    // As root, the server runs as another user, who must be able to get in.
    await chmod(directory, 0o755);
    const started = await startEmbeddedServer({
      directory,
      administratorSql,
      announce: () => undefined,
      disposable,
      settings: { max_connections: '200', ...settings },
    });
    const server = new BenchServer(started, directory);
    try {
      return await work(server);
    } finally {
      await Promise.all(server.pools.map((pool) => pool.end()));
      await started.stop();
      await rm(directory, { recursive: true, force: true });
    }
  }

  /** Process id of the postmaster. */
  get pid(): number {
    return this.server.pid;
  }

  /** A new, migrated database. @param name of `[a-z0-9_]` */
  async database(name: string): Promise<BenchDatabase> {
    await this.pool(this.server.superuserUrl).query(`create database ${name} owner portal`);
    const at = (url: string) => Object.assign(new URL(url), { pathname: name }).href;
    const url = at(this.server.url);
    await migrate({ url, ...SCHEMA });
    const administratorUrl = at(this.server.superuserUrl);
    return { url, administratorUrl, administrator: this.pool(administratorUrl) };
  }

  private pool(connectionString: string): Pool {
    const pool = new Pool({ connectionString, max: 4 });
    // An idle connection that dies must not hide what went wrong before it.
    pool.on('error', () => undefined);
    this.pools.push(pool);
    return pool;
  }
}
