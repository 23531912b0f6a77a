const forbid = require('./forbid.cjs');

/** The rules of the two applications and of the package; those of the rooms are in `rooms.cjs`. */
const NOT_CONSOLE = '^(libs|apps/portal|test|bench|tools)/|^mikro-orm\\.config\\.ts$';
/** What each command of the portal begins with. */
const BEGINS =
  '^apps/portal/src/(main|redaction|reason-of|shown-text|commands/(program|failure|output|signals|durations|list-option|worker-count|[^/]+\\.command))\\.ts$';
/** The rooms that the package `@latchkey/nestjs` is made of. */
const PACKED = ['kernel', 'embedded-server', 'http', 'graphql', 'database', 'access', 'tenancy', 'api-keys', 'testing'];
const WORDS_DOOR = '^libs/[^/]+/src/words\\.ts$';

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
module.exports = [
  forbid(
    'console-asks-the-api',
    "apps/console is a client of the GraphQL API: it imports nothing of the portal's.",
    { path: '^apps/console/' },
    { path: NOT_CONSOLE },
  ),
  forbid(
    'console-is-served-not-imported',
    'The portal serves what the console was built to; it runs none of its code.',
    { path: NOT_CONSOLE },
    { path: '^apps/console/' },
  ),
  forbid(
    'traces-only-when-wanted',
    'Without OTEL_EXPORTER_OTLP_ENDPOINT tracing must not even be loaded: only a dynamic import leads to it.',
    { pathNot: '^(apps/portal/src/tracing|test)/' },
    {
      path: 'node_modules/@opentelemetry/|^apps/portal/src/tracing/',
      dynamic: false,
      dependencyTypesNot: ['type-only'],
    },
  ),
  forbid(
    'commands-begin-light',
    'Help, wrong usage and bad settings are reported at once: the work of a command is loaded when it starts.',
    { path: BEGINS },
    {
      path: '',
      pathNot: `${BEGINS}|${WORDS_DOOR}|node_modules/commander/`,
      dynamic: false,
      dependencyTypesNot: ['type-only', 'core'],
    },
  ),
  forbid(
    'a-package-only-re-exports',
    `A door of the package passes on what these rooms export, and has no code of its own: ${PACKED.join(', ')}.`,
    { path: '^packages/[^/]+/src/', pathNot: '^packages/[^/]+/src/bin/' },
    { path: '', pathNot: `^libs/(${PACKED.join('|')})/` },
  ),
  forbid(
    'a-package-only-re-exports',
    'The program of the package uses these rooms and Node.js.',
    { path: '^packages/[^/]+/src/bin/' },
    { path: '', pathNot: `^libs/(${PACKED.join('|')})/|^packages/[^/]+/src/bin/`, dependencyTypesNot: ['core'] },
  ),
];
