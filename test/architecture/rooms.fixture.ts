import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Written a second time on purpose: a rule that is loosened in `rooms.cjs` is seen here. */
export const MAY_IMPORT: Record<string, string[]> = {
  kernel: [],
  'embedded-server': ['kernel'],
  http: ['kernel'],
  graphql: ['kernel', 'http'],
  database: ['kernel'],
  access: ['kernel', 'http', 'graphql'],
  tenancy: ['kernel', 'graphql', 'database', 'access'],
  sessions: ['kernel', 'access', 'tenancy'],
  'api-keys': ['kernel', 'http', 'graphql', 'database', 'access', 'tenancy'],
  notifications: ['kernel', 'graphql', 'database', 'access', 'tenancy', 'api-keys'],
  testing: ['kernel', 'embedded-server', 'database', 'access', 'tenancy', 'api-keys'],
  devices: ['kernel', 'graphql', 'database', 'access', 'tenancy'],
  alerts: ['kernel', 'graphql', 'database', 'access', 'tenancy', 'devices'],
  'config-backups': ['kernel', 'graphql', 'database', 'access', 'tenancy', 'devices'],
  firmware: ['kernel', 'graphql', 'database', 'access', 'tenancy', 'devices'],
};
/** The folders of the largest rooms, written a second time for the same reason. */
export const MAY_SEE: Record<string, Record<string, string[]>> = {
  'api-keys': {
    limits: [],
    audit: ['limits'],
    keys: ['audit', 'limits'],
    policy: ['audit', 'keys', 'limits'],
    changes: ['audit', 'keys', 'limits', 'policy'],
    leaks: ['audit', 'changes', 'keys', 'limits', 'policy'],
    'secret-scanning': ['keys', 'leaks', 'limits'],
    administration: ['audit', 'changes', 'keys', 'limits', 'policy'],
    import: ['audit', 'changes', 'keys', 'limits', 'policy'],
    usage: ['audit', 'keys', 'limits'],
    verification: ['keys', 'limits', 'usage'],
    introspection: ['keys', 'limits', 'usage', 'verification'],
    guard: ['keys', 'limits', 'usage', 'verification'],
  },
  database: {
    connections: [],
    tables: ['connections'],
    leading: ['connections'],
    positions: ['leading'],
    transactions: ['connections', 'leading', 'positions', 'tables'],
    lists: ['transactions'],
    verification: ['connections', 'leading', 'positions', 'tables', 'transactions'],
    invalidation: ['connections', 'leading', 'verification'],
    replicas: ['connections', 'leading', 'positions', 'transactions'],
    migrator: ['connections', 'tables'],
    health: ['connections', 'invalidation', 'leading', 'migrator', 'replicas', 'transactions', 'verification'],
  },
};
/** Each folder with its room, and the folders beside it. */
export const FOLDERS: [folder: string, room: string, others: string[]][] = Object.entries(MAY_SEE).flatMap(
  ([room, folders]) =>
    Object.keys(folders).map((folder): [string, string, string[]] => [
      folder,
      room,
      Object.keys(folders).filter((other) => other !== folder),
    ]),
);
export const ROOMS = Object.keys(MAY_IMPORT);
export const RESOURCES = ['devices', 'alerts', 'config-backups', 'firmware'];

const imports = (...specifiers: string[]) => specifiers.map((specifier) => `import '${specifier}';\n`).join('');
const plant = (rule: string, path: string, ...specifiers: string[]) => ({ rule, path, source: imports(...specifiers) });

/** Each breaks one rule; where several imports are listed, the last one does. */
export const plants = [
  plant('every-room-has-a-row', 'libs/attic/src/chest.ts', '#kernel'),
  plant('only-the-door', 'libs/alerts/src/by-the-window.ts', '../../devices/src/device.service.js'),
  plant('only-the-door', 'apps/portal/src/by-the-window.ts', '../../../libs/devices/src/device.service.js'),
  plant('only-the-door', 'test/e2e/by-the-window.spec.ts', '../../libs/devices/src/device.service.js'),
  plant('libs-never-import-apps', 'libs/tenancy/src/knows-the-app.ts', '../../../apps/portal/src/portal.module.js'),
  plant('a-package-only-re-exports', 'packages/nestjs/src/runs-devices.ts', '#devices'),
  plant('a-package-only-re-exports', 'packages/nestjs/src/knows-nest.ts', '@nestjs/common'),
  plant('a-package-only-re-exports', 'packages/nestjs/src/bin/knows-nest.ts', '@nestjs/common'),
  plant('only-the-door', 'packages/nestjs/src/by-the-window.ts', '../../../libs/api-keys/src/limits/thing.js'),
  plant(
    'orm-config-reads-schemas-only',
    'mikro-orm.config.ts',
    '@mikro-orm/core',
    '#database',
    '#devices/schema',
    '#devices',
  ),
  plant('only-schemas-point-at-schemas', 'libs/alerts/src/queries-devices.service.ts', '#devices/schema'),
  plant('only-schemas-point-at-schemas', 'libs/alerts/src/intake/schema.ts', '#devices/schema'),
  plant('only-schemas-point-at-schemas', 'apps/portal/src/queries-devices.ts', '#devices/schema'),
  plant(
    'migrations-stand-alone',
    'libs/devices/src/migrations/20300101000000-sites.ts',
    '@mikro-orm/migrations',
    '../device.rules.js',
  ),
  plant('testing-doors-are-for-tests', 'apps/portal/src/leans-on-a-testing-door.ts', '#database/testing'),
  plant('entities-know-only-the-orm', 'libs/alerts/src/asks-a-room.entity.ts', '@mikro-orm/core', '#devices'),
  plant('entities-know-only-the-orm', 'libs/alerts/src/knows-nest.entity.ts', '@nestjs/common'),
  plant('entities-know-only-the-orm', 'libs/devices/src/asks-its-service.entity.ts', './device.service.js'),
  plant('pure-files-stay-pure', 'libs/devices/src/knows-nest.rules.ts', '@nestjs/common'),
  plant('pure-files-stay-pure', 'libs/devices/src/asks-the-database.token.ts', 'pg'),
  plant('pure-files-stay-pure', 'libs/devices/src/asks-a-service.format.ts', './device.service.js'),
  {
    rule: 'pure-files-stay-pure',
    path: 'libs/devices/src/knows-a-type-of-nest.rules.ts',
    source: "import type { INestApplication } from '@nestjs/common';\nexport type App = INestApplication;\n",
  },
  plant('no-cycles', 'libs/devices/src/egg.ts', './hen.js'),
  { rule: 'no-orphans', path: 'libs/devices/src/forgotten.ts', source: 'export const forgotten = 1;\n' },
  plant('code-not-to-tests', 'libs/devices/src/leans-on-tests.ts', '../../../test/support/given.js'),
  plant('code-not-to-tests', 'apps/portal/src/leans-on-a-spec.ts', './portal.module.spec.js'),
  plant('declared-packages-only', 'test/support/takes-what-is-there.ts', 'undeclared'),
  plant('dev-packages-stay-in-tests', 'apps/portal/src/needs-dev.ts', 'fast-check'),
  plant('console-asks-the-api', 'apps/console/src/by-the-back-door.ts', '#kernel'),
  plant('console-is-served-not-imported', 'apps/portal/src/runs-the-console.ts', '../../console/src/app.js'),
  plant('traces-only-when-wanted', 'apps/portal/src/traces-at-once.ts', './tracing/tracing.js'),
  plant('commands-begin-light', 'apps/portal/src/commands/greedy.command.ts', '#database'),
  plant('every-folder-of-a-layered-room-has-a-row', 'libs/api-keys/src/attic/chest.ts', '#kernel'),
  plant('every-folder-of-a-layered-room-has-a-row', 'libs/database/src/attic/chest.ts', '#kernel'),
  plant('no-graphql-below-the-room-graphql', 'libs/database/src/answers-graphql.ts', 'graphql'),
  plant('guard-without-optional-packages', 'packages/nestjs/src/takes-graphql-along.ts', '#access/graphql'),
  plant('kernel-without-frameworks', 'libs/kernel/src/knows-nest.ts', '@nestjs/common'),
  plant('words-import-nothing', 'libs/alerts/src/words.ts', '#kernel'),
  plant('resolvable', 'tools/points-nowhere.mjs', './nowhere.mjs'),
];

export const question = (room: string, other: string) => `libs/${room}/src/asks-${other}.ts`;
/** Every room asks every other by a type import, the weakest tie there is. */
export const questions: Record<string, string> = Object.fromEntries(
  ROOMS.flatMap((room) =>
    ROOMS.filter((other) => other !== room).map((other) => [
      question(room, other),
      `import type { Door } from '#${other}';\nexport type Asked = Door;\n`,
    ]),
  ),
);

export const folderQuestion = (room: string, folder: string, other: string) =>
  `libs/${room}/src/${folder}/asks-${other}.ts`;
/** Every folder of these rooms asks every other by a type import. */
export const folderQuestions: Record<string, string> = Object.fromEntries(
  FOLDERS.flatMap(([folder, room, others]) =>
    others.map((other) => [
      folderQuestion(room, folder, other),
      `import type { Thing } from '../${other}/thing.js';\nexport type Asked = Thing;\n`,
    ]),
  ),
);

/** What stands around the plants; none of it breaks a rule. */
export const cleanFiles: Record<string, string> = {
  ...Object.fromEntries(ROOMS.map((room) => [`libs/${room}/src/index.ts`, 'export type Door = string;\n'])),
  'libs/access/src/graphql.ts': imports('graphql'),
  'libs/database/src/schema.ts': imports('@mikro-orm/core'),
  'libs/database/src/testing.ts': imports('pg'),
  'libs/devices/src/schema.ts': imports(
    '#database/schema',
    './device.entity.js',
    './migrations/20290101000000-devices.js',
  ),
  'libs/devices/src/migrations/20290101000000-devices.ts': imports('@mikro-orm/migrations'),
  ...Object.fromEntries(
    FOLDERS.map(([folder, room]) => {
      const beside = room === 'database' ? 'database.options' : 'words';
      const source = `import type { Word } from '../${beside}.js';\nexport type Thing = Word;\n`;
      return [`libs/${room}/src/${folder}/thing.ts`, source];
    }),
  ),
  'libs/api-keys/src/words.ts': "export type Word = 'word';\n",
  'libs/database/src/database.options.ts': "export type Word = 'word';\n",
  'libs/devices/src/device.entity.ts': imports(
    '@mikro-orm/core',
    '#database/schema',
    '#kernel',
    './device.rules.js',
    './site.entity.js',
  ),
  'libs/devices/src/site.entity.ts': imports('@mikro-orm/core'),
  'libs/devices/src/device.rules.ts': `${imports('#kernel', './device.format.js', 'node:crypto')}import type { Site } from './site.js';
export type Place = Site;
`,
  'libs/devices/src/site.ts': "import '@nestjs/common';\nexport type Site = string;\n",
  'libs/devices/src/device.format.ts': 'export const FORMAT = 1;\n',
  'libs/devices/src/device.service.ts': imports('@nestjs/common', 'pg', './device.entity.js', './schema.js'),
  'libs/devices/src/device.rules.spec.ts': imports('fast-check', './device.rules.js'),
  'libs/devices/src/hen.ts': imports('./egg.js'),
  'libs/alerts/src/alert.entity.ts': imports('@mikro-orm/core', '#devices/schema'),
  'apps/portal/src/main.ts': 'export {};\n',
  'packages/nestjs/src/index.ts': imports('#access', '#api-keys'),
  'packages/nestjs/src/graphql.ts': imports('#access/graphql'),
  'packages/nestjs/src/bin/latchkey.ts': imports('node:util', '#database/schema', '#kernel'),
  'apps/console/src/app.tsx': imports('fast-check'),
  'apps/portal/src/tracing/tracing.ts': 'export {};\n',
  'apps/portal/src/serve.ts': "await import('./tracing/tracing.js');\n",
  'apps/portal/src/portal.module.ts': imports(...ROOMS.map((room) => `#${room}`), '../../../mikro-orm.config.js'),
  'apps/portal/src/portal.module.spec.ts': imports('./portal.module.js'),
  'test/support/given.ts': imports(
    'fast-check',
    '#database/testing',
    '#devices',
    '#devices/schema',
    '../../apps/portal/src/main.js',
  ),
};

const packages = [
  '@mikro-orm/core',
  '@mikro-orm/migrations',
  '@nestjs/common',
  'graphql',
  'pg',
  'fast-check',
  'undeclared',
];
const manifest = {
  type: 'module',
  imports: {
    ...Object.fromEntries(ROOMS.map((room) => [`#${room}`, { source: `./libs/${room}/src/index.ts` }])),
    '#access/graphql': { source: './libs/access/src/graphql.ts' },
    '#database/schema': { source: './libs/database/src/schema.ts' },
    '#database/testing': { source: './libs/database/src/testing.ts' },
    '#devices/schema': { source: './libs/devices/src/schema.ts' },
  },
  dependencies: { '@mikro-orm/core': '1', '@mikro-orm/migrations': '1', '@nestjs/common': '1', graphql: '1', pg: '1' },
  devDependencies: { 'fast-check': '1' },
};

function write(directory: string, files: Record<string, string>): void {
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), source);
  }
}

/** Writes a project with every plant into `directory`. */
export function writeFixture(directory: string): void {
  write(directory, cleanFiles);
  write(directory, questions);
  write(directory, folderQuestions);
  write(directory, Object.fromEntries(plants.map(({ path, source }) => [path, source])));
  write(directory, { 'package.json': JSON.stringify(manifest) });
  for (const name of packages) {
    write(join(directory, 'node_modules', name), {
      'package.json': JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
      'index.js': '',
    });
  }
}
