import type { VerifierDatabase } from '#database';
import { ServiceUnavailable } from '#kernel';
import { VERDICT_SQL, type VerdictRow, VERDICTS_SQL } from './verdict.sql.js';
import type { Verdict, VerdictReader } from './verdict.js';
import type { ProofOfChanges, VerdictCache } from './verdict-cache.js';

/** Hashes in one statement: more make each other wait. */
const PER_STATEMENT = 64;
/** While changes are not proven, a lookup under way is shared for this long: it may not know what came since. */
const SHARED_MS = 1_000;

/** A lookup, waiting to be sent or under way. */
interface Lookup {
  readonly hash: string;
  readonly verdict: Promise<Verdict | null>;
  readonly resolve: (verdict: Verdict | null) => void;
  readonly reject: (error: unknown) => void;
  /** Instant of `performance.now()`; Infinity while it waits. */
  askedAt: number;
}

/**
 * Asks the database for verdicts: once for each hash however many requests want it, and for all hashes that came up
 * in one turn of the event loop together. Failures go to those who wait and are remembered by nobody.
 *
 * A change detaches the lookups under way: they answer those who wait already, their verdict is
 * not remembered, and who comes later asks anew. So a lookup that is joined at `t` knows every change committed before
 * the last proven heartbeat, 1,500 ms before `t` at most, or was itself sent no earlier than `t - SHARED_MS`: what is
 * shared is accepted at most 1,500 ms after a change was committed.
 */
export class VerdictLookups {
  /** Those that may still be joined and remembered. */
  private readonly joinable = new Map<string, Lookup>();
  private waiting: Lookup[] = [];

  constructor(
    private readonly database: Pick<VerifierDatabase, 'select'>,
    private readonly reader: VerdictReader,
    private readonly cache: VerdictCache,
    private readonly proof: ProofOfChanges,
  ) {}

  /** Null: there is no such key. @throws {ServiceUnavailable} */
  find(hash: string): Promise<Verdict | null> {
    const underWay = this.joinable.get(hash);
    if (underWay) {
      const now = performance.now();
      if (now - underWay.askedAt <= SHARED_MS || this.proof.isProven(now)) return underWay.verdict;
    }
    const { promise: verdict, resolve, reject } = Promise.withResolvers<Verdict | null>();
    const lookup = { hash, verdict, resolve, reject, askedAt: Infinity };
    this.joinable.set(hash, lookup);
    if (this.waiting.length === 0) setImmediate(() => this.send());
    this.waiting.push(lookup);
    return verdict;
  }

  /** Detaches all: whom a change concerns is not known before their rows are read. */
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

  /** A row that makes the statement fail is its own key's misfortune: the others of its turn are asked without it. */
  private askEach(lookups: readonly Lookup[]): void {
    for (const lookup of lookups) void this.ask([lookup]);
  }

  private select(hashes: readonly string[]): Promise<VerdictRow[]> {
    return hashes.length === 1
      ? this.database.select<VerdictRow>('verdict', VERDICT_SQL, [hashes[0]])
      : this.database.select<VerdictRow>('verdicts', VERDICTS_SQL, [hashes]);
  }

  private answer(lookup: Lookup, row: VerdictRow | undefined): void {
    const isAttached = this.finish(lookup);
    try {
      const verdict = row ? this.reader.read(row, lookup.askedAt) : null;
      if (isAttached && !verdict?.awaitsFirstUse) this.cache.remember(lookup.hash, verdict, lookup.askedAt);
      lookup.resolve(verdict);
    } catch (error) {
      // One row that cannot be read is its own key's misfortune.
      lookup.reject(error);
    }
  }

  /** @returns whether nothing has detached it */
  private finish(lookup: Lookup): boolean {
    if (this.joinable.get(lookup.hash) !== lookup) return false;
    return this.joinable.delete(lookup.hash);
  }
}
