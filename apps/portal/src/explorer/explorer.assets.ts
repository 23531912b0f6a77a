import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Injectable } from '@nestjs/common';

const require = createRequire(import.meta.url);
const inPackage = (name: string, file: string) => join(dirname(require.resolve(`${name}/package.json`)), file);
const SCRIPT = 'text/javascript; charset=utf-8';

/** The only files served: no request's path leads to another file. */
const FILES = {
  start: { path: join(import.meta.dirname, 'browser/start.js'), type: SCRIPT },
  react: { path: inPackage('react', 'umd/react.production.min.js'), type: SCRIPT },
  reactDom: { path: inPackage('react-dom', 'umd/react-dom.production.min.js'), type: SCRIPT },
  graphiql: { path: inPackage('graphiql', 'graphiql.min.js'), type: SCRIPT },
  graphiqlStyle: { path: inPackage('graphiql', 'graphiql.min.css'), type: 'text/css; charset=utf-8' },
};
export type AssetName = keyof typeof FILES;

export interface Asset {
  body: Buffer;
  type: string;
}

/** The files of the page, 1.5 MB, read once and named after their content: a browser may keep them for good. */
@Injectable()
export class ExplorerAssets {
  /** The address of each file, relative to `/graphql`: a proxy may serve both under another path. */
  readonly addresses: Readonly<Record<AssetName, string>>;
  private readonly assets = new Map<string, Asset>();

  constructor() {
    const addresses = Object.entries(FILES).map(([name, { path, type }]) => {
      const body = readFileSync(path);
      const file = `${createHash('sha256').update(body).digest('hex').slice(0, 16)}-${name}`;
      this.assets.set(file, { body, type });
      return [name, `explorer/${file}`];
    });
    this.addresses = Object.fromEntries(addresses) as Record<AssetName, string>;
  }

  /** @param file the last part of an address */
  find(file: string): Asset | undefined {
    return this.assets.get(file);
  }
}
