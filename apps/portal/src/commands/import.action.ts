import { type ImportReport, KeyImportService, type RowReport } from '#api-keys';
import { readConfig } from '../portal.config.js';
import { NothingImported } from '../portal.errors.js';
import { withService } from './services.js';
import { rowsOf } from './import-source.js';
import { shownText } from '../shown-text.js';
import { jsonOf, type Output, printObject } from './output.js';
import { progressOf } from './progress.js';

export interface ImportOptions extends Output {
  from: string;
}

/** @throws {NothingImported} */
export async function importKeys({ from, json }: ImportOptions): Promise<void> {
  const progress = progressOf('rows read', process.stderr);
  const report = await withService(KeyImportService, (keys) => keys.import(rowsOf(from), progress.report)).finally(
    progress.end,
  );
  print(report, { json });
  const accepted = report.imported + report.updated + report.unchanged;
  if (report.read > 0 && accepted === 0) throw new NothingImported();
  if (accepted > 0) warnOfUnusable(report);
}

function print(report: ImportReport, { json }: Output): void {
  if (json) return console.log(jsonOf(report));
  const { read, imported, updated, unchanged, skipped, differing } = report;
  const counts = { read, imported, updated, unchanged, skipped: skipped.length, differing: differing.length };
  printObject(counts, { json });
  for (const row of skipped) console.log(`${placeOf(row)}: skipped: ${row.reason}`);
  for (const row of differing) console.log(`${placeOf(row)}: differs: ${row.reason}`);
}

function placeOf({ line, id }: RowReport): string {
  const shown = shownText(id ?? '(no id)');
  return line === null ? shown : `line ${line}, ${shown}`;
}

/** Keys that were imported and still open nothing, with the present settings. */
function warnOfUnusable({ otherPrefix }: ImportReport): void {
  const { acceptLegacy, prefix } = readConfig(process.env).apiKeys;
  const starts = [...new Set([`${prefix}_`, 'mktp_'])].join(' or ');
  if (!acceptLegacy)
    console.error('Keys of the replaced system open nothing until API_KEYS_ACCEPT_LEGACY is true: see docs/import.md.');
  else if (otherPrefix > 0)
    console.error(
      `Keys that do not begin with ${starts} open nothing, and ${otherPrefix} are such: see docs/import.md.`,
    );
}
