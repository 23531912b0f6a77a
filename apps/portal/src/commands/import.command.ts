import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { Client } from 'pg';
import { IMPORTED_COLUMNS, KeyImportService } from '#api-keys';
import { withServices } from './database.js';
import { JSON_OPTION, printObject } from './output.js';

const PAGE = 1_000;
const NIL = '00000000-0000-0000-0000-000000000000';

export function importCommand(): Command {
  return new Command('import')
    .description('Bring keys of the replaced system over. Repeatable; tells what it skipped and why.')
    .requiredOption('--from <source>', 'postgresql:// URL of its database, or a file of one JSON row a line')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- import --from postgresql://reader@old-db/portal')
    .action(async ({ from, json }: { from: string; json?: boolean }) => {
      const rows = /^postgres(ql)?:\/\//.test(from) ? rowsOfDatabase(from) : rowsOfFile(from);
      const report = await withServices((app) =>
        app.get(KeyImportService, { strict: false }).import(rows, (read) => {
          if (process.stderr.isTTY) process.stderr.write(`\r${read} rows read`);
        }),
      );
      if (process.stderr.isTTY) process.stderr.write('\n');
      if (json) return console.log(JSON.stringify(report, null, 2));
      const { skipped, ...counts } = report;
      printObject({ ...counts, skipped: skipped.length }, { json });
      for (const { id, reason } of skipped) console.log(`skipped ${id ?? '(no id)'}: ${reason}`);
    });
}

/** By pages of the primary key, so that a large table needs neither a long transaction nor much memory. */
async function* rowsOfDatabase(url: string): AsyncGenerator<unknown> {
  const client = new Client({ connectionString: url, application_name: 'latchkey import' });
  await client.connect();
  try {
    const columns = IMPORTED_COLUMNS.join(', ');
    const page = `select ${columns} from api_keys where id > $1 order by id limit ${PAGE}`;
    for (let after = NIL; ;) {
      const { rows } = await client.query<{ id: string }>(page, [after]);
      yield* rows;
      const last = rows.at(-1);
      if (!last) return;
      after = last.id;
    }
  } finally {
    await client.end();
  }
}

async function* rowsOfFile(path: string): AsyncGenerator<unknown> {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    try {
      yield JSON.parse(line) as unknown;
    } catch {
      yield line;
    }
  }
}
