import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Injectable } from '@nestjs/common';

/** Written by `npm run build`, beside the built application and beside its source. */
const BUILT = join(import.meta.dirname, '../../../console/dist');
const PAGE = 'index.html';
/** The page in a hidden frame that takes a renewed token. */
const RENEWAL_PAGE = 'renewed.html';
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface ConsoleAsset {
  body: Buffer;
  gzipped: Buffer | undefined;
  type: string;
}

/** The built console, read once. Vite names each file after its content: a browser may keep them for good. */
@Injectable()
export class ConsoleAssets {
  readonly page: string;
  readonly renewalPage: string;
  private readonly assets = new Map<string, ConsoleAsset>();

  /** @throws where the console was not built */
  constructor() {
    if (!existsSync(join(BUILT, PAGE))) throw new Error('The console is not built: run "npm run build".');
    this.page = readFileSync(join(BUILT, PAGE), 'utf8');
    this.renewalPage = readFileSync(join(BUILT, RENEWAL_PAGE), 'utf8');
    const folder = join(BUILT, 'assets');
    const names = new Set(readdirSync(folder));
    for (const name of names) {
      const type = TYPES[extname(name)];
      if (type === undefined) continue;
      const gzipped = names.has(`${name}.gz`) ? readFileSync(join(folder, `${name}.gz`)) : undefined;
      this.assets.set(name, { body: readFileSync(join(folder, name)), gzipped, type });
    }
  }

  find(name: string): ConsoleAsset | undefined {
    return this.assets.get(name);
  }
}
