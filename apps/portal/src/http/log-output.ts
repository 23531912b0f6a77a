import { write } from 'node:fs';
import type { DestinationStream } from 'pino';
import { LIMITS } from '#kernel';

/** Pause before a failed write is tried again; it doubles with each failure. */
const RETRY_MS = { first: 2, longest: 250 };

/**
 * Writes log lines to a file descriptor that may be slow, full, or without a reader. No caller waits and nothing is thrown: lines
 * wait in memory up to a bound, and beyond it they are dropped and counted.
 *
 * pino's own destination also bounds its memory. But its flush at the exit of the process never returns while the descriptor
 * accepts nothing, and it never retries a full descriptor after the first failure.
 */
export class LogOutput implements DestinationStream {
  /** Number of lines lost. */
  dropped = 0;
  /** Called with the number of lines dropped since the last call, once every waiting line is written. */
  onResumed?: (dropped: number) => void;

  private lines: string[] = [];
  /** The text being written, without the part already written. */
  private chunk: Buffer | undefined;
  private waitingBytes = 0;
  private reported = 0;
  private retryMs = RETRY_MS.first;
  private retry: NodeJS.Timeout | undefined;
  private isWriting = false;
  private readonly flushes = new Set<() => void>();

  constructor(private readonly descriptor: number) {}

  static standard(): LogOutput {
    // Node.js makes a pipe non-blocking when its stream is first used: a blocking write would keep the process from exiting.
    return new LogOutput(process.stdout.fd);
  }

  write(line: string): void {
    const bytes = Buffer.byteLength(line);
    if (this.waitingBytes + bytes > LIMITS.log.waitingBytes) {
      this.dropped++;
      return;
    }
    this.waitingBytes += bytes;
    this.lines.push(line);
    if (!this.isWriting && !this.retry) this.writeOn();
  }

  /** True while the system neither completes nor refuses a write: then the process cannot exit by itself. */
  get isHeld(): boolean {
    return this.isWriting;
  }

  /** Ends when every line is written, or after `withinMs` at the latest. */
  flushed(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.waitingBytes === 0) return resolve();
      const done = () => {
        clearTimeout(timer);
        this.flushes.delete(done);
        resolve();
      };
      const timer = setTimeout(done, withinMs);
      this.flushes.add(done);
    });
  }

  private writeOn(): void {
    this.chunk ??= Buffer.from(this.lines.splice(0).join(''));
    this.isWriting = true;
    write(this.descriptor, this.chunk, (error, written) => {
      this.isWriting = false;
      if (error) this.tryLater();
      else this.wrote(written);
    });
  }

  /** Retries after any error: a pipe empties, a disk gets space again, and a permanent loss costs only a call now and then. */
  private tryLater(): void {
    this.retry = setTimeout(() => {
      this.retry = undefined;
      this.writeOn();
    }, this.retryMs).unref();
    this.retryMs = Math.min(this.retryMs * 2, RETRY_MS.longest);
  }

  private wrote(bytes: number): void {
    this.retryMs = RETRY_MS.first;
    this.waitingBytes -= bytes;
    const rest = this.chunk?.subarray(bytes);
    this.chunk = rest?.length ? rest : undefined;
    if (this.waitingBytes > 0) return this.writeOn();
    this.flushes.forEach((done) => done());
    const dropped = this.dropped - this.reported;
    this.reported = this.dropped;
    if (dropped > 0) this.onResumed?.(dropped);
  }
}
