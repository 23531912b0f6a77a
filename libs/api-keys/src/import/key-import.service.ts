import { Injectable } from '@nestjs/common';
import { JobsDatabase } from '#database';
import { importStatement } from './key-import.sql.js';
import { type ImportedKey, readImportedKey } from './imported-key.js';

/** Rows in one statement to the database. */
const BATCH = 1_000;

export interface SkippedRow {
  /** The value in the row; null where the row has none. */
  id: string | null;
  reason: string;
}

export interface ImportReport {
  read: number;
  imported: number;
  /** Rows already imported that have been revoked or used in the replaced system since. */
  updated: number;
  unchanged: number;
  skipped: SkippedRow[];
}

/**
 * Imports rows of the replaced system unchanged. Repeatable: a key that was imported before only moves forward (a revocation, a
 * later use) and never back.
 */
@Injectable()
export class KeyImportService {
  constructor(private readonly jobs: JobsDatabase) {}

  /** @param progress called after each batch with the counts so far */
  async import(
    rows: AsyncIterable<unknown>,
    progress: (read: number) => void = () => undefined,
  ): Promise<ImportReport> {
    const report: ImportReport = { read: 0, imported: 0, updated: 0, unchanged: 0, skipped: [] };
    const batch = new Map<string, ImportedKey>();
    const flush = async () => {
      if (batch.size > 0) await this.importBatch([...batch.values()], report);
      batch.clear();
      progress(report.read);
    };
    for await (const row of rows) {
      report.read += 1;
      const read = readImportedKey(row);
      if ('fault' in read) report.skipped.push({ id: idOf(row), reason: read.fault });
      else {
        // A key that comes twice starts from its earlier state.
        if (batch.has(read.key.id)) await flush();
        batch.set(read.key.id, read.key);
      }
      if (batch.size === BATCH) await flush();
    }
    await flush();
    return report;
  }

  private async importBatch(batch: readonly ImportedKey[], report: ImportReport): Promise<void> {
    const { rows } = await this.jobs.write((session) => importStatement(batch).execute(session));
    for (const { id, reason, effect } of rows) {
      if (reason !== null) report.skipped.push({ id, reason });
      else report[effect] += 1;
    }
  }
}

function idOf(row: unknown): string | null {
  const id: unknown = (row as { id?: unknown } | null)?.id;
  return typeof id === 'string' ? id : null;
}
