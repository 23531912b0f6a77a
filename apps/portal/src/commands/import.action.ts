import { KeyImportService } from '#api-keys';
import { withService } from './services.js';
import { rowsOf } from './import-source.js';
import { jsonOf, type Output, printObject, shownText } from './output.js';
import { progressOf } from './progress.js';

export interface ImportOptions extends Output {
  from: string;
}

export async function importKeys({ from, json }: ImportOptions): Promise<void> {
  const progress = progressOf('rows read', process.stderr);
  const report = await withService(KeyImportService, (keys) => keys.import(rowsOf(from), progress.report)).finally(
    progress.end,
  );
  if (json) return console.log(jsonOf(report));
  const { skipped, ...counts } = report;
  printObject({ ...counts, skipped: skipped.length }, { json });
  for (const { id, reason } of skipped) console.log(`skipped ${shownText(id ?? '(no id)')}: ${reason}`);
}
