/**
 * Builds `dist` from the sources, and does nothing where the sources are those that `dist` was built from.
 *
 * A running process may load files of `dist` at any time, so `dist` is never deleted: the build goes into a folder of
 * its own, and each file takes its place in one step. Of several builds at once one works and the others wait for it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BUNDLE, DIST, ENTRY, filesOf, fingerprint, isBuilt, readIfThere, ROOT, STAMP } from './sources.mjs';

const PORTAL_SOURCES = ['apps/portal', 'libs', 'mikro-orm.config.ts'];
const PORTAL = 'apps/portal/src/main.ts';
const CONSOLE_BUILD = 'apps/console/build.mjs';
/** Folders of `dist` that hold nothing but what is built here. */
const OWN = ['apps', 'libs', BUNDLE];
/** Holds the process id of the build at work. */
const LOCK = join(DIST, '.lock');
/** Names the files of the bundle. The next build leaves them to the processes that started with them. */
const BUNDLED = join(DIST, '.bundled');
const POLL_MS = 50;

mkdirSync(DIST, { recursive: true });
while (!isBuilt() && !lock()) await delay(POLL_MS);
if (!isBuilt()) await build();

async function build() {
  // Beside `dist` and not in it: source maps hold the way from the folder to the sources.
  const folder = `${DIST}.${process.pid}`;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const sources = fingerprint();
  compile(folder);
  const { bundle } = await import('./bundle.mjs');
  await bundle(folder, PORTAL, BUNDLE);
  rmSync(STAMP, { force: true });
  // The entry comes last: it names the other files of its bundle.
  const built = filesOf(folder, folder).toSorted((one, other) => (one === ENTRY) - (other === ENTRY));
  for (const file of built) {
    mkdirSync(dirname(join(DIST, file)), { recursive: true });
    renameSync(join(folder, file), join(DIST, file));
  }
  const kept = new Set([...built, ...JSON.parse(readIfThere(BUNDLED) ?? '[]')]);
  const present = OWN.flatMap((own) => filesOf(join(DIST, own), DIST));
  for (const file of present) if (!kept.has(file)) rmSync(join(DIST, file));
  writeFileSync(BUNDLED, JSON.stringify(built.filter((file) => dirname(file) === BUNDLE)));
  writeFileSync(STAMP, sources);
}

function compile(folder) {
  run('node_modules/@swc/cli/bin/swc.js', ...PORTAL_SOURCES, '--out-dir', folder, '--config-file', '.swcrc', '--quiet');
  if (existsSync(join(ROOT, CONSOLE_BUILD))) run(CONSOLE_BUILD, join(folder, 'apps/console/dist'));
}

/** Runs a script of ours. Ends this one where it fails. */
function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [join(ROOT, script), ...args], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

/**
 * Takes the lock, also from a process that is gone. Two processes that find it left behind may both take it: they then
 * build the same files twice, and each file is whole at any time.
 */
function lock() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    process.once('exit', () => rmSync(LOCK, { force: true }));
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (!isRunning(readIfThere(LOCK))) rmSync(LOCK, { force: true });
  return false;
}

/** An empty file is a lock that is being written. */
function isRunning(pid) {
  if (pid === undefined) return false;
  if (pid === '') return true;
  try {
    return process.kill(Number(pid), 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
