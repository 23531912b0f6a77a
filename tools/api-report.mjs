/**
 * Writes the public declarations of the package `@latchkey/nestjs` to `packages/nestjs/api.md`; with `--check`, compares them:
 * a changed public type is seen in review.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOORS, PACKAGE, readModules } from './package/modules.mjs';
import { reportOf } from './package/report.mjs';

const PAGE = join(PACKAGE, 'api.md');

const report = reportOf(readModules(), DOORS);
if (!process.argv.includes('--check')) writeFileSync(PAGE, report);
else if (readFileSync(PAGE, 'utf8') !== report) {
  console.error(
    'packages/nestjs/api.md is not that of the sources: run "npm run docs", and read what changes for users.',
  );
  process.exitCode = 1;
} else console.log('docs: packages/nestjs/api.md is current');
