import { randomUUID } from 'node:crypto';
import { databaseErrorClass, isLockTimeout, type JobsDatabase } from '#database';
import { normalisedAddress } from '../limits/networks.rules.js';
import type { KeyUseRow, UseBatch } from './use-batch.js';
import { type BatchName, isWritten, openBatches, writeUses } from './use-writer.sql.js';

/** A statement locks the rows of its keys: one of more keys would keep a revocation waiting. */
const KEYS_PER_STATEMENT = 2_000;
/** Statements that may fail in one flush: enough to find a few rows among 2,000 that refuse. */
const MOST_FAILURES = 40;

/** What became of a flush. */
interface Flushed {
  writtenKeys: number;
  /** Not written, and to be tried again. */
  left: UseBatch;
  /** Undefined: none; rows that somebody holds are no failure. */
  failure: unknown;
}

interface Flush extends Flushed {
  failures: number;
  /** The database is away, or nothing goes: the rest is not tried. */
  isOver: boolean;
}

/**
 * Writes batches of uses, in parts. A key whose row somebody holds is left for the next flush; a part with a row that
 * refuses is halved until that row is alone. Nothing is counted twice: each part has a number that its transaction keeps,
 * and a part whose COMMIT had no answer is asked for by it before anything else is written.
 */
export class UseFlush {
  private readonly recorderId = randomUUID();
  private isOpen = false;
  private number = 0;
  private unanswered: { name: BatchName; batch: UseBatch } | undefined;

  /**
   * @param clock instants of the batches, in milliseconds
   * @param newBatch an empty one
   */
  constructor(
    private readonly database: JobsDatabase,
    private readonly clock: () => number,
    private readonly newBatch: () => UseBatch,
  ) {}

  /** Keys of a part that may or may not have been written. */
  get unansweredKeys(): number {
    return this.unanswered?.batch.size ?? 0;
  }

  /** Takes out of `batch` what it tries; what it does not even try stays in it. Never rejects. */
  async write(batch: UseBatch): Promise<Flushed> {
    const flush: Flush = { writtenKeys: 0, left: this.newBatch(), failure: undefined, failures: 0, isOver: false };
    if (batch.size === 0 && !this.unanswered) return flush;
    try {
      await this.open();
      await this.settle(flush);
    } catch (error) {
      return { ...flush, failure: error };
    }
    while (batch.size > 0 && !flush.isOver) await this.writePart(batch.take(KEYS_PER_STATEMENT), flush);
    return flush;
  }

  private async writePart(part: UseBatch, flush: Flush): Promise<void> {
    if (flush.isOver) return flush.left.absorb(part);
    try {
      flush.left.absorb(await this.writeOnce(part));
      flush.writtenKeys += part.size;
    } catch (error) {
      flush.failure = error;
      flush.failures++;
      flush.isOver = isOutage(error) || this.unanswered !== undefined || flush.failures >= MOST_FAILURES;
      if (flush.isOver || part.size <= 1) return flush.left.absorb(part);
      await this.writePart(part.take(Math.ceil(part.size / 2)), flush);
      await this.writePart(part, flush);
    }
  }

  /** Leaves in `part` what it wrote, or what it may have written. @returns the keys that somebody holds */
  private async writeOnce(part: UseBatch): Promise<UseBatch> {
    const name = { recorderId: this.recorderId, number: ++this.number };
    const rows = part.rows(this.clock()).map(withKnownAddress);
    let held: string[] | undefined;
    try {
      await this.database.writeQuietly(async (session) => {
        held = undefined;
        held = await writeUses(session, name, rows);
      });
      return part.takeKeys(held ?? []);
    } catch (error) {
      // All statements were answered, so COMMIT had been sent: what it came to is asked before the next write.
      if (held !== undefined) {
        const possiblyWritten = this.newBatch();
        const skipped = part.takeKeys(held);
        possiblyWritten.absorb(part.take(part.size));
        part.absorb(skipped);
        this.unanswered = { name, batch: possiblyWritten };
      }
      throw error;
    }
  }

  private async open(): Promise<void> {
    if (this.isOpen) return;
    await this.database.writeQuietly((session) => openBatches(session, this.recorderId));
    this.isOpen = true;
  }

  private async settle(flush: Flush): Promise<void> {
    const { unanswered } = this;
    if (!unanswered) return;
    const wasWritten = await this.database.writeQuietly((session) => isWritten(session, unanswered.name));
    this.unanswered = undefined;
    if (wasWritten) flush.writtenKeys += unanswered.batch.size;
    else flush.left.absorb(unanswered.batch);
  }
}

/** A lock that lasts too long is the matter of one row. */
const isOutage = (error: unknown): boolean => databaseErrorClass(error) === 'OUTAGE' && !isLockTimeout(error);

/** An address can be whatever a proxy wrote: anything else than an address could make the whole statement fail. */
function withKnownAddress(row: KeyUseRow): KeyUseRow {
  const ip = normalisedAddress(row.ip ?? undefined);
  return { ...row, ip: ip === 'unknown' ? null : ip };
}
