import { createReadStream } from 'node:fs';
import { Client } from 'pg';
import { IMPORTED_COLUMNS, type SourceRow } from '#api-keys';
import { SourceUnreadable } from '../portal.errors.js';
import { linesOf } from './lines.js';

const PAGE = 1_000;
const CONNECT_MS = 10_000;
const NIL = '00000000-0000-0000-0000-000000000000';

/**
 * Rows of the replaced system, one at a time.
 * @param from `postgresql://` URL of its database, or a file of one JSON row a line
 * @throws {SourceUnreadable}
 */
export async function* rowsOf(from: string): AsyncGenerator<SourceRow> {
  try {
    yield* /^postgres(ql)?:\/\//.test(from) ? rowsOfDatabase(from) : rowsOfFile(from);
  } catch (error) {
    throw error instanceof Error ? new SourceUnreadable(error) : error;
  }
}

/** Reads pages by the primary key, so that a large table needs neither a long transaction nor much memory. */
async function* rowsOfDatabase(url: string): AsyncGenerator<SourceRow> {
  const client = new Client({
    connectionString: url,
    application_name: 'latchkey import',
    connectionTimeoutMillis: CONNECT_MS,
  });
  // A lost connection fails the next page. Without a listener, the same event would end this process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const columns = IMPORTED_COLUMNS.join(', ');
    const page = `select ${columns} from api_keys where id > $1 order by id limit ${PAGE}`;
    for (let after = NIL; ;) {
      const { rows } = await client.query<{ id: string }>(page, [after]);
      for (const row of rows) yield { line: null, row };
      const last = rows.at(-1);
      if (!last) return;
      after = last.id;
    }
  } finally {
    await client.end();
  }
}

async function* rowsOfFile(path: string): AsyncGenerator<SourceRow> {
  for await (const { number: line, text } of linesOf(createReadStream(path))) {
    if (typeof text !== 'string') yield { line, fault: `row: ${text.fault}` };
    // `trim` also removes a byte order mark.
    else if (text.trim() !== '') yield { line, ...parsed(text.trim()) };
  }
}

function parsed(text: string): Pick<SourceRow, 'row' | 'fault'> {
  try {
    return { row: JSON.parse(text) as unknown };
  } catch {
    return { fault: 'row: is not JSON' };
  }
}
