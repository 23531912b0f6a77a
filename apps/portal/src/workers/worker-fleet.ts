import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { PortalConfig } from '../portal.config.js';
import { WorkersRefused } from '../portal.errors.js';
import { answerScrapes } from './worker-metrics.js';

/** A worker that ended is started again after this time, so that one that cannot start does not keep a core busy. */
const RESTART_MS = 1_000;
/** A worker ends itself within 9.5 s; then it is killed. */
const STOP_MS = 9_800;

/**
 * Several workers share what one process may keep to itself: the counts of rates and the embedded server.
 * @throws {WorkersRefused} naming all that is missing
 */
export function requireShared({ databaseUrl, redisUrl }: Pick<PortalConfig, 'databaseUrl' | 'redisUrl'>): void {
  const missing = [
    ...(databaseUrl ? [] : ['DATABASE_URL, since the embedded server belongs to one process']),
    ...(redisUrl ? [] : ['REDIS_URL, since each worker would count the rate of a key on its own']),
  ];
  if (missing.length > 0) throw new WorkersRefused(missing);
}

/** The worker processes of `serve --workers`. They share one port, and the primary process serves nothing itself. */
export class WorkerFleet {
  /** True once `stop` was called. */
  isStopping = false;

  constructor(
    private readonly count: number,
    private readonly logger: Logger,
  ) {}

  /**
   * Starts the first worker, then all others. A worker that ends later is started again.
   * @returns the exit code of the first worker if it could not start, else undefined
   */
  async start(): Promise<number | undefined> {
    answerScrapes();
    cluster.setupPrimary({ args: ['serve', ...process.argv.filter((argument) => argument === '--json')] });
    const first = this.fork();
    const [event, code] = await Promise.race([
      once(first, 'listening').then(() => ['listening'] as const),
      once(first, 'exit').then(([code]) => ['exit', code as number | null] as const),
    ]);
    if (event === 'exit') return code ?? 1;
    cluster.on('exit', (worker, code, signal) => void this.replace(worker, code, signal));
    for (let worker = 1; worker < this.count; worker++) this.fork();
    return undefined;
  }

  /** Asks every worker to stop. @returns false if one had to be killed */
  async stop(): Promise<boolean> {
    this.isStopping = true;
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    const ended = Promise.all(workers.map((worker) => worker.isDead() || once(worker, 'exit')));
    for (const worker of workers) worker.process.kill('SIGTERM');
    const inTime = await Promise.race([ended.then(() => true), after(STOP_MS, false, { ref: false })]);
    if (!inTime) for (const worker of workers) worker.process.kill('SIGKILL');
    return inTime;
  }

  private fork(): Worker {
    const worker = cluster.fork();
    this.logger.info({ worker: worker.id, workerPid: worker.process.pid }, 'worker started');
    return worker;
  }

  private async replace({ id }: Worker, code: number | null, signal: string | null): Promise<void> {
    if (this.isStopping) return;
    this.logger.error({ worker: id, code, signal }, 'worker ended: another one takes its place');
    await after(RESTART_MS);
    if (!this.isStopping) this.fork();
  }
}
