import { ItemsModule } from '../guard/items.module.js';
import { openPortal } from '../support/portal.js';
import { serveToParent } from '../support/serve.js';

const [databaseUrl = '', dataDirectory = ''] = process.argv.slice(2);
await serveToParent(
  await openPortal({ databaseUrl, dataDirectory, cacheSize: 100_000, imports: [ItemsModule], isProduction: true }),
);
