import { Injectable } from '@nestjs/common';
import { JobsDatabase } from '#database';
import { ApiKeyFormat } from '../keys/api-key.format.js';
import { importStatement } from './key-import.sql.js';
import { type ImportedKey, readImportedKey, type SourceRow } from './imported-key.js';

/** Rows in one statement to the database. */
const BATCH = 1_000;

export interface RowReport {
  /** Number of the line in a file; null for a row of a database. */
  line: number | null;
  /** The value in the row; null where the row has none. */
  id: string | null;
  reason: string;
}

export interface ImportReport {
  read: number;
  imported: number;
  /** Rows already imported that have been revoked, narrowed or used in the replaced system since. */
  updated: number;
  unchanged: number;
  /** Keys, of the three kinds above, that begin otherwise than every key that is accepted here. */
  otherPrefix: number;
  skipped: RowReport[];
  /** Rows whose key stays wider, or other, than in the replaced system. */
  differing: RowReport[];
}

interface BatchRow {
  line: number | null;
  key: ImportedKey;
}

/**
 * Imports rows of the replaced system unchanged. Repeatable: a key that was imported before only moves forward (a revocation,
 * fewer scopes, an earlier expiry, a later use) and never back. A row never changes the key of another tenant.
 */
@Injectable()
export class KeyImportService {
  constructor(
    private readonly jobs: JobsDatabase,
    private readonly format: ApiKeyFormat,
  ) {}

  /** @param progress called after each batch with the counts so far */
  async import(
    rows: AsyncIterable<SourceRow>,
    progress: (read: number) => void = () => undefined,
  ): Promise<ImportReport> {
    const counts = { read: 0, imported: 0, updated: 0, unchanged: 0, otherPrefix: 0 };
    const report: ImportReport = { ...counts, skipped: [], differing: [] };
    const batch = new Map<string, BatchRow>();
    const flush = async () => {
      if (batch.size > 0) await this.importBatch(batch, report);
      batch.clear();
      progress(report.read);
    };
    for await (const { line, row, fault } of rows) {
      report.read += 1;
      const read = fault === undefined ? readImportedKey(row) : { fault };
      if ('fault' in read) report.skipped.push({ line, id: idOf(row), reason: read.fault });
      else {
        // A key that comes twice starts from its earlier state.
        if (batch.has(read.key.id)) await flush();
        batch.set(read.key.id, { line, key: read.key });
      }
      if (batch.size === BATCH) await flush();
    }
    await flush();
    return report;
  }

  private async importBatch(batch: ReadonlyMap<string, BatchRow>, report: ImportReport): Promise<void> {
    const keys = [...batch.values()].map(({ key }) => key);
    const { rows } = await this.jobs.write((session) => importStatement(keys).execute(session));
    for (const { id, reason, effect, difference } of rows) {
      const { line = null, key } = batch.get(id) ?? {};
      if (reason !== null) {
        report.skipped.push({ line, id, reason });
        continue;
      }
      report[effect] += 1;
      if (difference !== null) report.differing.push({ line, id, reason: difference });
      if (!this.format.starts.some((start) => key?.key_prefix.startsWith(start))) report.otherPrefix += 1;
    }
  }
}

function idOf(row: unknown): string | null {
  const id: unknown = (row as { id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' ? id : null;
}
