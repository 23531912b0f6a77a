import { openPortal } from '../support/portal.js';
import { serveToParent } from '../support/serve.js';

const [databaseUrl = '', dataDirectory = ''] = process.argv.slice(2);
// The development issuer signs the sessions of the bench.
await serveToParent(await openPortal({ databaseUrl, dataDirectory, cacheSize: 1_000 }));
