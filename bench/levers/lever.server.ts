import { openPortal } from '../support/portal.js';
import { serveToParent } from '../support/serve.js';
import { ItemsModule } from '../guard/items.module.js';
import { LEVERS } from './levers.js';

const [databaseUrl = '', dataDirectory = '', lever = ''] = process.argv.slice(2);
const takeBack = LEVERS[lever];
if (!takeBack) throw new Error(`There is no choice "${lever}".`);
takeBack();
await serveToParent(await openPortal({ databaseUrl, dataDirectory, cacheSize: 100_000, imports: [ItemsModule] }));
