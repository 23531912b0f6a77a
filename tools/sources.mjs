/** What `dist` is built from, and whether it was built from what is there now. */
import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '..');
export const DIST = join(ROOT, 'dist');
/** Names the sources that `dist` was built from. Missing while files take their places. */
export const STAMP = join(DIST, '.sources');
/** The bundle, in a folder of compiled sources. */
export const BUNDLE = 'portal';
export const ENTRY = join(BUNDLE, 'main.js');

const SOURCES = ['apps', 'libs', 'mikro-orm.config.ts'];
const SETTINGS = ['.swcrc', 'package-lock.json', 'tools/build.mjs', 'tools/bundle.mjs', 'tools/sources.mjs'];
/** Folders that hold no sources. */
const NO_SOURCES = new Set(['dist', 'node_modules']);

/** SHA-256 of the names and contents of all sources. Times of files say nothing: a checkout may set them back. */
export function fingerprint() {
  const files = [...SOURCES, ...SETTINGS].flatMap((path) =>
    /\.\w+$/.test(path) ? path : filesOf(join(ROOT, path), ROOT, NO_SOURCES),
  );
  const contents = files.toSorted().map((file) => [file, hash('sha256', readFileSync(join(ROOT, file)))]);
  return hash('sha256', JSON.stringify(contents));
}

export function isBuilt(sources = fingerprint()) {
  return readIfThere(STAMP) === sources;
}

/** Paths of all files below `folder`, as seen from `from`. Folders of these names are left out. */
export function filesOf(folder, from, except = new Set()) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return except.has(entry.name) ? [] : filesOf(path, from, except);
    return entry.isFile() ? relative(from, path) : [];
  });
}

export function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
