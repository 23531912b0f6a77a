import { randomUUID } from 'node:crypto';
import { databaseErrorClass, isLockTimeout, type JobsDatabase } from '#database';
import { normalisedAddress } from '../limits/networks.rules.js';
import type { KeyUseRow, UseBatch } from './use-batch.js';
import { type BatchName, isWritten, openBatches, writeUses } from './use-writer.sql.js';

/**
 * Making the parameters of a statement holds the event loop, and its rows are locked until it ends: with more keys, requests and
 * revocations would wait longer.
 */
const KEYS_PER_STATEMENT = 200;
/** Maximum number of failed statements in one flush: enough to find a few failing rows among 200. */
const MOST_FAILURES = 40;

/** The outcome of a flush. */
interface Flushed {
  writtenKeys: number;
  /** Uses not written, to be tried again. */
  left: UseBatch;
  /** Undefined where nothing failed. A row that another transaction holds is no failure. */
  failure: unknown;
}

interface Flush extends Flushed {
  failures: number;
  /** The database is unavailable, or every statement fails: the rest is not tried. */
  isOver: boolean;
}

/**
 * Writes batches of uses, in parts. A key whose row another transaction holds is left for the next flush. A part with a failing
 * row is halved until that row is alone. Nothing is counted twice: each part has a number that its transaction stores. If a
 * part's COMMIT gets no answer, the number shows whether the part was written, before anything else is written.
 */
export class UseFlush {
  private readonly recorderId = randomUUID();
  private isOpen = false;
  private number = 0;
  private unanswered: { name: BatchName; batch: UseBatch } | undefined;

  /**
   * @param clock gives the instants of the batches, in milliseconds
   * @param newBatch makes an empty batch
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

  /** Removes from `batch` the keys that it tries to write; keys not tried stay in the batch. Never rejects. */
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

  /** Leaves in `part` the keys that were written, or may have been. @returns the keys that another transaction holds */
  private async writeOnce(part: UseBatch): Promise<UseBatch> {
    const name = { recorderId: this.recorderId, number: ++this.number };
    const rows = () => part.rows(this.clock()).map(withKnownAddress);
    let held: string[] | undefined;
    try {
      await this.database.writeQuietly(async (session) => {
        held = undefined;
        held = await writeUses(session, name, rows);
      });
      return part.takeKeys(held ?? []);
    } catch (error) {
      // All statements were answered, so COMMIT had been sent. The next flush checks its outcome before it writes.
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

/** A lock that lasts too long concerns only one row. */
const isOutage = (error: unknown): boolean => databaseErrorClass(error) === 'OUTAGE' && !isLockTimeout(error);

/** A proxy may write any text as an address, and a text that is no address could make the whole statement fail. */
function withKnownAddress(row: KeyUseRow): KeyUseRow {
  const addresses = row.addresses.map((address) => ({ ...address, ip: normalisedAddress(address.ip) }));
  const ip = normalisedAddress(row.ip ?? undefined);
  return {
    ...row,
    ip: ip === 'unknown' ? null : ip,
    addresses: addresses.filter((address) => address.ip !== 'unknown'),
  };
}
