/**
 * Builds the console where its sources have changed, holds its first load to its size, and copies it into the folder
 * that is named as the argument. Not for two runs at once: `tools/build.mjs` takes care of that.
 */
import { createHash } from 'node:crypto';
import { cp, glob, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const BUILT = here('dist');
const MARK = here('dist/.sources');
const SOURCES = [
  'src/**/*.{ts,tsx,css,svg}',
  '*.html',
  '*.mjs',
  'vite.config.ts',
  'package.json',
  '../../package-lock.json',
];
/** Script that a browser fetches before the list of keys is shown, gzipped. */
const MAX_FIRST_LOAD_BYTES = 150 * 1024;
const FIRST_LOAD = ['index.html', 'src/pages/keys/keys-page.tsx'];

const sources = await hashOf(SOURCES);
if (sources !== (await readFile(MARK, 'utf8').catch(() => ''))) {
  const { build } = await import('vite').catch((cause) => {
    throw new Error('The packages of the console are missing: run "npm ci".', { cause });
  });
  await build({ root: here('.'), logLevel: 'warn' });
  await compress();
  await requireSmallFirstLoad();
  await writeFile(MARK, sources);
}
await cp(BUILT, process.argv[2], { recursive: true });

async function hashOf(patterns) {
  const names = (await Array.fromAsync(glob(patterns, { cwd: here('.') }))).sort();
  const hash = createHash('sha256');
  for (const name of names) hash.update(name).update(await readFile(here(name)));
  return hash.digest('hex');
}

async function compress() {
  for (const name of await readdir(`${BUILT}/assets`)) {
    if (!/\.(js|css|svg)$/.test(name)) continue;
    await writeFile(`${BUILT}/assets/${name}.gz`, gzipSync(await readFile(`${BUILT}/assets/${name}`), { level: 9 }));
  }
}

async function requireSmallFirstLoad() {
  const manifest = JSON.parse(await readFile(`${BUILT}/.vite/manifest.json`, 'utf8'));
  const files = new Set();
  const add = (name) => {
    const chunk = manifest[name];
    if (!chunk) throw new Error(`${name} is not in the console's build.`);
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const imported of chunk.imports ?? []) add(imported);
  };
  for (const name of FIRST_LOAD) add(name);
  const sizes = await Promise.all([...files].map(async (file) => (await readFile(`${BUILT}/${file}.gz`)).length));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const size = `${(bytes / 1024).toFixed(1)} kB of script, gzipped`;
  if (bytes > MAX_FIRST_LOAD_BYTES)
    throw new Error(`The first load of the console is ${size}; at most ${MAX_FIRST_LOAD_BYTES / 1024} kB are allowed.`);
  console.log(`Console built: the first load is ${size}.`);
}
