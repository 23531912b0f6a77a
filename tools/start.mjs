#!/usr/bin/env node
/**
 * Runs the portal: `node tools/start.mjs serve --migrate --demo`. Builds it first where its sources have changed.
 *
 * The check of the build, and the portal, share this process: each further process costs a start a part of a second.
 */
import { spawnSync } from 'node:child_process';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DIST, ENTRY, isBuilt, ROOT } from './sources.mjs';

if (!isBuilt()) {
  const { status } = spawnSync(process.execPath, [join(ROOT, 'tools/build.mjs')], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
// Half of the time of a start is the compilation of the same modules as at the start before.
enableCompileCache(join(DIST, '.compiled'));
await import(pathToFileURL(join(DIST, ENTRY)));
