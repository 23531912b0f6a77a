import { resolve } from 'node:path';

/** Two projects, one run: `unit` needs nothing, `e2e` shares one embedded PostgreSQL server. */
const root = resolve(import.meta.dirname, '..');
const base = {
  rootDir: root,
  transform: { '^.+\\.ts$': ['@swc/jest', { swcrc: false, ...swc() }] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['node', 'source'] },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.data', '<rootDir>/examples/[^/]+/dist'],
};

function swc() {
  return {
    jsc: {
      target: 'es2024',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
      keepClassNames: true,
    },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  };
}

export default {
  // Files wait for PostgreSQL and timers more than they compute: one worker a core keeps both busy.
  maxWorkers: '100%',
  // A machine that is busy with something else is no failure; a test that hangs is.
  testTimeout: 30_000,
  rootDir: root,
  reporters: ['default', '<rootDir>/test/support/secret-reporter.config.mjs'],
  projects: [
    { ...base, displayName: 'unit', testMatch: ['<rootDir>/{libs,apps,tools}/**/*.spec.ts'] },
    {
      ...base,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/**/*.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/browser/'],
      globalSetup: '<rootDir>/test/support/global-setup.config.mjs',
      globalTeardown: '<rootDir>/test/support/global-teardown.config.mjs',
    },
  ],
};
