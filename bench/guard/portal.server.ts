import { openPortal } from '../support/portal.js';
import { serveToParent } from '../support/serve.js';
import { ItemsModule } from './items.module.js';
import { takeOutTheGuard } from './unguarded.js';

const [databaseUrl = '', dataDirectory = '', kind] = process.argv.slice(2);
if (kind === 'unguarded') takeOutTheGuard();
await serveToParent(await openPortal({ databaseUrl, dataDirectory, cacheSize: 100_000, imports: [ItemsModule] }));
