const apps = require('./app-rules.cjs');
const forbid = require('./forbid.cjs');
const layers = require('./layer-rules.cjs');

/** The rooms, and those that each may enter. `apps/portal` may enter every door and has no row. */
const ROOMS = {
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
const RESOURCES = ['devices', 'alerts', 'config-backups', 'firmware'];

const OURS = '^(libs|apps|packages|test|bench|tools)/|^mikro-orm\\.config\\.ts$';
const BUILT = '^(libs|apps|packages/[^/]+/src)/|^mikro-orm\\.config\\.ts$';
const ORM_CONFIG = '^mikro-orm\\.config\\.ts$';
const SCHEMA_DOOR = '^libs/[^/]+/src/schema\\.ts$';
const TESTING_DOOR = '^libs/[^/]+/src/testing\\.ts$';
const MIGRATION = '^libs/[^/]+/src/migrations/';
const WORDS_DOOR = '^libs/[^/]+/src/words\\.ts$';
const PURE_FILE = '(\\.(rules|token|format)|/words)\\.ts$';
const KERNEL_DOOR = '^libs/kernel/src/index\\.ts$';
const FRAMEWORK =
  'node_modules/(@nestjs/|@mikro-orm/|@apollo/|@as-integrations/|@fastify/|nestjs-|graphql|fastify|pg|reflect-metadata|rxjs)';

/** Captures the room of a file in `libs`; for every other file the folder it lies in, which no room is named after. */
const ANY_ROOM = '^(?:libs/)?([^/]+)/';

const rows = Object.entries(ROOMS).map(([room, allowed]) =>
  forbid(
    `room-${room}`,
    `libs/${room} may enter: ${allowed.join(', ') || 'nothing of ours'}.`,
    { path: `^libs/${room}/` },
    { path: '^libs/', pathNot: `^libs/(${[room, ...allowed].join('|')})/` },
  ),
);

const betweenRooms = [
  forbid(
    'every-room-has-a-row',
    'A room without a row in ROOMS would be bound by no rule: add it there.',
    { path: '^libs/', pathNot: `^libs/(${Object.keys(ROOMS).join('|')})/` },
    {},
  ),
  forbid(
    'only-the-door',
    "Another room is entered by its index.ts, graphql.ts, schema.ts or words.ts, by tests by its testing.ts too. All else is that room's own.",
    { path: ANY_ROOM },
    { path: '^libs/[^/]+/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/(index|graphql|schema|words|testing)\\.ts$'] },
  ),
  forbid(
    'no-graphql-below-the-room-graphql',
    'kernel, http, database and embedded-server serve applications without GraphQL too.',
    { path: '^libs/(kernel|http|database|embedded-server)/' },
    { path: 'node_modules/(graphql|@nestjs/graphql|@nestjs/apollo|@apollo)/' },
  ),
  forbid(
    'guard-without-optional-packages',
    'An application installs GraphQL and an adapter of HTTP only if it uses them: graphql.ts is the door to what needs GraphQL.',
    { path: '^libs/(http|access|tenancy|sessions|api-keys)/src/index\\.ts$|^packages/nestjs/src/(?!graphql\\.ts)' },
    { path: 'node_modules/(graphql|@nestjs/graphql|@nestjs/apollo|@apollo|@nestjs/platform-[a-z]+)/', reachable: true },
  ),
  forbid(
    'kernel-without-frameworks',
    'kernel holds words that need no framework to be said.',
    { path: '^libs/kernel/' },
    { path: FRAMEWORK },
  ),
  forbid(
    'words-import-nothing',
    'words.ts is read where nothing may be loaded: by the command line before it knows what to do.',
    { path: WORDS_DOOR },
    { path: '' },
  ),
  forbid(
    'resources-never-see-api-keys',
    'A resource says what it needs (access), not who checks it; by way of another room counts too.',
    { path: `^libs/(${RESOURCES.join('|')})/` },
    { path: '^libs/api-keys/', reachable: true },
  ),
  forbid(
    'libs-never-import-apps',
    'The app composes the rooms; a room that knows its app cannot be used by another.',
    { path: '^libs/' },
    { path: `^(apps|packages)/|${ORM_CONFIG}` },
  ),
];

const tablesAndEntities = [
  forbid(
    'orm-config-reads-schemas-only',
    'mikro-orm.config.ts reads schema.ts of the rooms, the door of database, and packages.',
    { path: ORM_CONFIG },
    { path: OURS, pathNot: [SCHEMA_DOOR, '^libs/database/src/index\\.ts$'] },
  ),
  forbid(
    'only-schemas-point-at-schemas',
    "A service asks the other room's service, it never queries its tables.",
    { path: ANY_ROOM, pathNot: ['\\.entity\\.ts$', SCHEMA_DOOR, '^(packages|test|bench)/'] },
    { path: SCHEMA_DOOR, pathNot: '^libs/$1/' },
  ),
  forbid(
    'migrations-stand-alone',
    'A migration that has run never changes: it imports nothing that may.',
    { path: MIGRATION },
    { pathNot: 'node_modules/@mikro-orm/migrations/' },
  ),
  forbid(
    'entities-know-only-the-orm',
    "An entity imports @mikro-orm/core, other entities, its own room's pure files and kernel.",
    { path: '^(libs/[^/]+)/.*\\.entity\\.ts$' },
    {
      pathNot: [
        'node_modules/@mikro-orm/core/',
        SCHEMA_DOOR,
        KERNEL_DOOR,
        '^$1/.*\\.entity\\.ts$',
        '^$1/.*(\\.(rules|token|format)|/words)\\.ts$',
      ],
    },
  ),
];

const hygiene = [
  forbid(
    'pure-files-stay-pure',
    'A decision (*.rules.ts), a token and a format take values and give answers: no framework, not even its types.',
    { path: PURE_FILE },
    { path: FRAMEWORK },
  ),
  forbid(
    'pure-files-stay-pure',
    'Of ours they run pure files and kernel only. A type of ours leaves nothing behind to run.',
    { path: PURE_FILE },
    { path: OURS, pathNot: [`^(libs|apps)/.*${PURE_FILE}`, KERNEL_DOOR], dependencyTypesNot: ['type-only'] },
  ),
  forbid(
    'testing-doors-are-for-tests',
    'What testing.ts of a room exports is for tests and benches: nothing that is shipped needs it.',
    { path: BUILT, pathNot: '\\.spec\\.ts$' },
    { path: TESTING_DOOR },
  ),
  forbid('no-cycles', 'Files that import each other can only be understood together.', {}, { circular: true }),
  forbid(
    'no-orphans',
    'Imported by nobody and importing nothing: dead, or never wired in.',
    {
      orphan: true,
      pathNot: [
        '(^|/)main\\.ts$',
        // Loaded by a browser.
        '^apps/portal/src/explorer/browser/',
        '^apps/console/(build|codegen)\\.mjs$',
        '\\.config\\.[cm]?[jt]s$',
        '\\.spec\\.ts$',
        '\\.d\\.[cm]?ts$',
        '^test/architecture/rooms\\.cjs$',
      ],
    },
    {},
  ),
  forbid(
    'code-not-to-tests',
    'What is shipped must run without what is not.',
    { path: BUILT },
    { path: '^(test|bench|tools)/|\\.spec\\.ts$' },
  ),
  forbid(
    'declared-packages-only',
    'A package that package.json does not name is there by accident and goes by accident.',
    {},
    { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  ),
  forbid(
    'dev-packages-stay-in-tests',
    'A deployment installs no devDependencies.',
    // The console is built to files that need no package.
    { path: BUILT, pathNot: ['\\.spec\\.ts$', '^apps/console/'] },
    { dependencyTypes: ['npm-dev'] },
  ),
  forbid(
    'resolvable',
    'What cannot be resolved is bound by no other rule.',
    {},
    // One names sources that it does not publish, the other has types only; the compiler resolves both.
    { couldNotResolve: true, pathNot: '^(react-aria-components/|@graphql-typed-document-node/core$)' },
  ),
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [...rows, ...layers, ...betweenRooms, ...apps, ...tablesAndEntities, ...hygiene],
  options: {
    doNotFollow: {
      path: ['(^|/)node_modules(/|$)', '^(dist|coverage|examples|.*/peers|apps/console/dist)(/|$)', '^\\.[^./]'],
    },
    // Type imports count: a room that knows another's types knows that room.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      // `source` first, so that `#room` leads to its TypeScript and not to the build.
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
    },
  },
};
