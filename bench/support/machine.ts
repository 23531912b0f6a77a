import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import type { Pool } from 'pg';
import type { Extent } from './arguments.js';

const PACKAGES = ['@nestjs/core', '@apollo/server', 'graphql', '@mikro-orm/core', 'pg'];
const require = createRequire(import.meta.url);

/** What the figures below it were measured on, and how. */
export async function printMachine(name: string, extent: Extent, administrator?: Pool): Promise<void> {
  const [load] = loadavg();
  console.log(`\n${name}, ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`);
  console.log(
    `command: npm run bench:${name} ${['--', ...process.argv.slice(2)].slice(process.argv.length > 2 ? 0 : 1).join(' ')}`,
  );
  console.log(`${extent.rounds} interleaved rounds once warmed up, ${extent.sampleMs} ms a sample`);
  console.log(
    `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ` +
      `load ${load?.toFixed(2)} before the run`,
  );
  const server = administrator ? [await serverVersion(administrator)] : [];
  console.log([`Node.js ${process.version}`, ...server, ...PACKAGES.map(versionOf)].join(', '));
  if (extent.isQuick) console.log('QUICK: tiny sizes, to see that it runs. These figures say nothing.');
  if ((load ?? 0) > 1.5) console.log('BUSY: other work is running on this machine. These figures say little.');
}

async function serverVersion(administrator: Pool): Promise<string> {
  const { rows } = await administrator.query<{ version: string; fsync: string }>(
    `select current_setting('server_version') as version, current_setting('fsync') as fsync`,
  );
  return `PostgreSQL ${rows[0]?.version} (fsync ${rows[0]?.fsync})`;
}

function versionOf(name: string): string {
  const file = (require.resolve.paths(name) ?? []).map((folder) => `${folder}/${name}/package.json`).find(isFile);
  const version = file && (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
  return `${name} ${version ?? 'unknown'}`;
}

function isFile(path: string): boolean {
  try {
    return readFileSync(path).length > 0;
  } catch {
    return false;
  }
}
