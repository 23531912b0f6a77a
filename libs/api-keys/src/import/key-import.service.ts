import { Injectable } from '@nestjs/common';
import { JobsDatabase } from '#database';
import { importStatement } from './key-import.sql.js';
import { type ImportedKey, readImportedKey } from './imported-key.js';

/** Rows that go to the database in one statement. */
const BATCH = 1_000;

export interface SkippedRow {
  /** As the row gave it; null where it gave none. */
  id: string | null;
  reason: string;
}

export interface ImportReport {
  read: number;
  imported: number;
  /** Here before, and revoked or used since, over there. */
  updated: number;
  unchanged: number;
  skipped: SkippedRow[];
}

/**
 * Brings rows of the replaced system over as they are. Repeatable: what is here already is carried forward only
 * (a revocation, a later use) and never back.
 */
@Injectable()
export class KeyImportService {
  constructor(private readonly jobs: JobsDatabase) {}

  /** @param progress called after each batch with what was read so far */
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
        // A key that comes again is carried forward from what it was before.
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
    for (const { id, reason, outcome } of rows) {
      if (reason !== null) report.skipped.push({ id, reason });
      else report[outcome] += 1;
    }
  }
}

function idOf(row: unknown): string | null {
  const id: unknown = (row as { id?: unknown } | null)?.id;
  return typeof id === 'string' ? id : null;
}
