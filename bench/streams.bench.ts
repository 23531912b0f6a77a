import { join } from 'node:path';
import type { Pool } from 'pg';
import { LIMITS } from '#kernel';
import { DevelopmentIssuer } from '#sessions';
import { readExtent } from './support/arguments.js';
import { BenchServer } from './support/bench-server.js';
import { ServerProcess } from './support/child.js';
import { printMachine } from './support/machine.js';
import { figuresOf } from './support/statistics.js';
import { printTable, shown, shownSpread } from './support/table.js';
import { until } from './support/until.js';
import { StreamClient } from './streams/stream-client.js';

/** `STREAMS=1000 npm run bench:streams` for the figures of README.md. */
const STREAMS = Number(process.env['STREAMS'] ?? 50);
const WITHIN_MS = 60_000;
/** Code, shapes and pools are paid for before the first measurement. */
const WARM_UP = 20;
const AT_ONCE = 20;

const extent = readExtent({ rounds: 10, sampleMs: 0 });

await BenchServer.with({ disposable: true }, async (server) => {
  const { url, administrator } = await server.database('streams');
  await printMachine('streams', extent, administrator);
  const { tenantId, sessions } = await makeUsers(administrator, server.directory);
  const script = join(import.meta.dirname, 'streams/portal.server.js');
  const portal = await ServerProcess.start(script, [url, server.directory]);
  try {
    await measure(portal, sessions, () =>
      administrator.query(
        `insert into api_key_events (tenant_id, kind, api_key_name) values ($1, 'UPDATED', 'bench')`,
        [tenantId],
      ),
    );
  } finally {
    await portal.stop();
  }
});

async function measure(portal: ServerProcess, sessions: string[], write: () => Promise<unknown>): Promise<void> {
  const sessionOf = (n: number) => sessions[Math.floor(n / LIMITS.streams.perPrincipal)] ?? '';
  // A few at a time: each one asks the database where it begins.
  const open = async (count: number) => {
    const streams: StreamClient[] = [];
    while (streams.length < count) {
      const numbers = Array.from({ length: Math.min(AT_ONCE, count - streams.length) }, (_, n) => streams.length + n);
      streams.push(...(await Promise.all(numbers.map((n) => StreamClient.open(portal.url, sessionOf(n))))));
    }
    return streams;
  };
  const warm = await open(Math.min(WARM_UP, STREAMS));
  await write();
  await until('the first streams have an event', () => warm.every(({ events }) => events === 1), WITHIN_MS);
  warm.forEach((stream) => stream.close());
  const before = await portal.residentBytes();
  const begunAt = performance.now();
  const streams = await open(STREAMS);
  const openedMs = performance.now() - begunAt;
  const bytes = ((await portal.residentBytes()) - before) / STREAMS;
  const delays: number[] = [];
  const cpuBefore = await portal.cpuMicros();
  for (let round = 1; round <= extent.rounds; round++) {
    await write();
    const committedAt = performance.now();
    await until('every stream has the event', () => streams.every(({ events }) => events >= round), WITHIN_MS);
    delays.push(performance.now() - committedAt);
  }
  const cpu = ((await portal.cpuMicros()) - cpuBefore) / extent.rounds / STREAMS;
  streams.forEach((stream) => stream.close());
  printTable(
    `${STREAMS} open streams of one tenant`,
    ['figure', 'measured'],
    [
      ['resident memory of the server, kB a stream', shown(bytes / 1024)],
      ['opened within, ms', shown(openedMs)],
      ['from a commit to the last stream, ms (min–max)', shownSpread(figuresOf(delays))],
      ['CPU of the server, µs an event and stream', shown(cpu)],
    ],
  );
}

async function makeUsers(administrator: Pool, directory: string): Promise<{ tenantId: string; sessions: string[] }> {
  const issuer = await DevelopmentIssuer.open(directory);
  const { rows } = await administrator.query<{ tenantId: string; email: string }>(
    `with made as (insert into tenants (name) values ('Bench') returning id)
     insert into users (tenant_id, email, name, role)
     select id, 'bench-' || n || '@example.test', 'Bench', 'TENANT_ADMIN' from made, generate_series(1, $1::int) n
     returning tenant_id as "tenantId", email`,
    [Math.ceil(Math.max(STREAMS, WARM_UP) / LIMITS.streams.perPrincipal)],
  );
  const sessions = await Promise.all(rows.map(({ email }) => issuer.token(email, 3_600, new Date())));
  return { tenantId: rows[0]?.tenantId ?? '', sessions };
}
