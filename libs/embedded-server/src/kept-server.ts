import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from './embedded-server.error.js';
import type { Postmaster } from './postmaster.js';

/** Between two starts. A server that ran for the longest pause has started well: its end is followed by the shortest pause. */
const BACK_OFF = { firstMs: 100, mostMs: 30_000 };

export interface Keeping {
  /** Starts the server again. Undefined: a server that ended stays ended. */
  startAgain: (() => Promise<Postmaster>) | undefined;
  /** Prints one line for people. */
  announce: (line: string) => void;
  logFile: string;
  /** Called once, when the server has ended for good. */
  release: () => void;
}

/** A server that is started again, with back-off, whenever it ends without a call of `stop`. */
export class KeptServer {
  private readonly stopping = new AbortController();
  private readonly keeping: Keeping;
  private readonly over: Promise<void>;
  private postmaster: Postmaster;
  private failures = 0;

  // No parameter properties: a test has Node.js run this file without a build.
  constructor(postmaster: Postmaster, keeping: Keeping) {
    this.postmaster = postmaster;
    this.keeping = keeping;
    this.over = this.keep().finally(keeping.release);
  }

  /** Process id of the server's first process: of the last one while none runs. */
  get pid(): number {
    return this.postmaster.pid;
  }

  /** Fast shutdown. @returns when the process has gone */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.postmaster.stop();
    await this.over;
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async keep(): Promise<void> {
    const { announce, logFile, startAgain } = this.keeping;
    while (!this.isStopping) {
      const startedAt = performance.now();
      const end = await this.postmaster.ended;
      if (this.isStopping) return;
      announce(`PostgreSQL (process ${this.pid}) ended: ${end}. Its log: ${logFile}`);
      if (!startAgain) return;
      if (performance.now() - startedAt > BACK_OFF.mostMs) this.failures = 0;
      await this.startAgain(startAgain);
    }
    // A stop that came while the server was starting did not meet this process.
    await this.postmaster.stop();
  }

  /** Tries until the server has started, or is to stop. */
  private async startAgain(start: () => Promise<Postmaster>): Promise<void> {
    while (await this.paused()) {
      try {
        this.postmaster = await start();
        this.keeping.announce(`PostgreSQL was started again (process ${this.pid}).`);
        return;
      } catch (error) {
        this.keeping.announce(`PostgreSQL could not be started again: ${messageOf(error)}`);
      }
    }
  }

  /** @returns true after the pause; false at once when the server is to stop */
  private paused(): Promise<boolean> {
    const pauseMs = Math.min(BACK_OFF.mostMs, BACK_OFF.firstMs * 2 ** this.failures++);
    return sleep(pauseMs, true, { ref: false, signal: this.stopping.signal }).catch(() => false);
  }
}
