/** Bundles the portal of `bench:http` as the portal of production is bundled. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.mjs';
import { DIST } from './sources.mjs';

const PLACE = 'bench/http/portal';

rmSync(join(DIST, PLACE), { recursive: true, force: true });
await bundle(DIST, 'bench/http/portal.server.ts', PLACE);
