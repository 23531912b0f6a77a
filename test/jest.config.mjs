import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';

/** `unit` needs nothing, `e2e` shares one embedded PostgreSQL server. */
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

const unit = { ...base, displayName: 'unit', testMatch: ['<rootDir>/{libs,apps,tools}/**/*.spec.ts'] };
const e2e = {
  ...base,
  displayName: 'e2e',
  testMatch: ['<rootDir>/test/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/browser/'],
  globalSetup: '<rootDir>/test/support/global-setup.config.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.config.mjs',
};

/**
 * Files of `test/e2e` in one go: each file that runs alone loads the application anew, which takes a second. Those that
 * set a time limit of their own for all that is in them stay alone.
 */
const GROUP = 6;

function grouped() {
  const files = globSync('test/e2e/*.spec.ts', { cwd: root })
    .filter((file) => !readFileSync(resolve(root, file), 'utf8').includes('jest.setTimeout('))
    .map((file) => resolve(root, file))
    .toSorted();
  const alone = { ...e2e, testPathIgnorePatterns: [...e2e.testPathIgnorePatterns, ...files] };
  const groups = Array.from({ length: Math.ceil(files.length / GROUP) }, (_, n) =>
    files.slice(n * GROUP, (n + 1) * GROUP),
  );
  return [
    alone,
    ...groups.map((specs) => ({
      ...e2e,
      testMatch: ['<rootDir>/test/support/spec-group.config.mjs'],
      globals: { specs },
    })),
  ];
}

/** Whoever names files gets these, each alone. */
const isWhole = process.argv.slice(2).every((argument, n, all) => argument.startsWith('-') || all[n - 1] === '-c');

export default {
  // Files wait for PostgreSQL and timers a third of their time: more workers than cores keep those busy.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  // What a file has loaded is not all let go of; collecting it again and again costs more than a new worker.
  workerIdleMemoryLimit: '700MB',
  // A machine that is busy with something else is no failure; a test that hangs is.
  testTimeout: 30_000,
  rootDir: root,
  reporters: ['default', '<rootDir>/test/support/secret-reporter.config.mjs'],
  projects: isWhole ? [unit, ...grouped()] : [unit, e2e],
};
