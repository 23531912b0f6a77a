import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const README = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const [, wiring] = /```ts\n(import .*?)```/s.exec(README) ?? [];
if (!wiring?.includes('export class AppModule')) throw new Error('The README has no wiring.');

/** A whole file: the second step of the README. */
export const README_WIRING: string = wiring;
