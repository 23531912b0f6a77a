import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { it } from 'node:test';

it('the started application takes its database server along when it is asked to stop', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'minimal-nest-app-'));
  await chmod(cwd, 0o755);
  const main = resolve(import.meta.dirname, '../src/main.js');
  const app = spawn(process.execPath, [main], {
    cwd,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const line of createInterface({ input: app.stdout })) if (line.endsWith('/graphql')) break;
  const postmaster = Number.parseInt(await readFile(join(cwd, '.data/postgres/postmaster.pid'), 'utf8'), 10);
  app.kill('SIGTERM');
  assert.deepEqual(await once(app, 'close'), [0, null]);
  while (isRunning(postmaster)) await new Promise((next) => setTimeout(next, 10));
  await rm(cwd, { recursive: true });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
