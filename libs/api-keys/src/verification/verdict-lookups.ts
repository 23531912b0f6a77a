import type { VerifierDatabase } from '#database';
import { ServiceUnavailable } from '#kernel';
import { VERDICT_SQL, type VerdictRow, VERDICTS_SQL } from './verdict.sql.js';
import type { Verdict, VerdictReader } from './verdict.js';
import type { InvalidationProof, VerdictCache } from './verdict-cache.js';

/** Hashes in one statement: with more hashes, lookups would delay each other. */
const PER_STATEMENT = 64;
/** While changes are not proven, a lookup under way is shared for this long, since it may have missed later changes. */
const SHARED_MS = 1_000;

/** A lookup that waits to be sent or is under way. */
interface Lookup {
  readonly hash: string;
  readonly verdict: Promise<Verdict | null>;
  readonly resolve: (verdict: Verdict | null) => void;
  readonly reject: (error: unknown) => void;
  /** An instant of `performance.now()`; Infinity while the lookup waits. */
  askedAt: number;
}

/**
 * Asks the database for verdicts: once for each hash, however many requests need it, and in one statement for all hashes of one
 * turn of the event loop. A failure rejects all waiting requests and is not remembered.
 *
 * A change detaches the lookups under way: they still answer the requests that wait already, their verdicts are not remembered,
 * and later requests ask again. So a lookup that is joined at `t` includes every change committed before the last proven
 * heartbeat, at most 1,500 ms before `t`, or was itself sent no earlier than `t - SHARED_MS`. A shared verdict is therefore used
 * at most 1,500 ms after a change was committed. While the database is not proven to lead, no lookup is joined.
 */
export class VerdictLookups {
  /** The lookups that may still be joined and remembered. */
  private readonly joinable = new Map<string, Lookup>();
  private waiting: Lookup[] = [];

  constructor(
    private readonly database: Pick<VerifierDatabase, 'select'>,
    private readonly reader: VerdictReader,
    private readonly cache: VerdictCache,
    private readonly proof: InvalidationProof,
  ) {}

  /** Null: no such key exists. @throws {ServiceUnavailable} */
  find(hash: string): Promise<Verdict | null> {
    const underWay = this.joinable.get(hash);
    if (underWay) {
      const now = performance.now();
      const isFresh = now - underWay.askedAt <= SHARED_MS && this.proof.isLed(now);
      if (isFresh || this.proof.isProven(now)) return underWay.verdict;
    }
    const { promise: verdict, resolve, reject } = Promise.withResolvers<Verdict | null>();
    const lookup = { hash, verdict, resolve, reject, askedAt: Infinity };
    this.joinable.set(hash, lookup);
    if (this.waiting.length === 0) setImmediate(() => this.send());
    this.waiting.push(lookup);
    return verdict;
  }

  /** Detaches all lookups: before their rows are read, nobody knows which of them a change affects. */
  detach(): void {
    this.joinable.clear();
  }

  private send(): void {
    const { waiting } = this;
    this.waiting = [];
    for (let first = 0; first < waiting.length; first += PER_STATEMENT)
      void this.ask(waiting.slice(first, first + PER_STATEMENT));
  }

  /** Never rejects. */
  private async ask(lookups: readonly Lookup[]): Promise<void> {
    const askedAt = performance.now();
    for (const lookup of lookups) lookup.askedAt = askedAt;
    try {
      const rows = await this.select(lookups.map(({ hash }) => hash));
      const byHash = new Map(rows.map((row) => [row.hash, row]));
      for (const lookup of lookups) this.answer(lookup, byHash.get(lookup.hash));
    } catch (error) {
      if (lookups.length > 1 && !(error instanceof ServiceUnavailable)) return void this.askEach(lookups);
      for (const lookup of lookups) {
        this.finish(lookup);
        lookup.reject(error);
      }
    }
  }

  /**
   * When one row makes the statement fail, only its own key may fail: the other hashes of the turn are asked again without it.
   */
  private askEach(lookups: readonly Lookup[]): void {
    for (const lookup of lookups) void this.ask([lookup]);
  }

  private select(hashes: readonly string[]): Promise<VerdictRow[]> {
    return hashes.length === 1
      ? this.database.select<VerdictRow>('verdict', VERDICT_SQL, [hashes[0]])
      : this.database.select<VerdictRow>('verdicts', VERDICTS_SQL, [hashes], hashes.length);
  }

  private answer(lookup: Lookup, row: VerdictRow | undefined): void {
    const isAttached = this.finish(lookup);
    try {
      const verdict = row ? this.reader.read(row, lookup.askedAt) : null;
      if (isAttached && !verdict?.awaitsFirstUse) this.cache.remember(lookup.hash, verdict, lookup.askedAt);
      lookup.resolve(verdict);
    } catch (error) {
      // A row that cannot be read fails only its own key.
      lookup.reject(error);
    }
  }

  /** @returns true if no change has detached the lookup */
  private finish(lookup: Lookup): boolean {
    if (this.joinable.get(lookup.hash) !== lookup) return false;
    return this.joinable.delete(lookup.hash);
  }
}
