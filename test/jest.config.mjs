import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';

/** `unit` needs nothing, `e2e` shares one embedded PostgreSQL server. */
const root = resolve(import.meta.dirname, '..');
const base = {
  rootDir: root,
  transform: { '^.+\\.ts$': ['@swc/jest', { swcrc: false, ...swc() }] },
  extensionsToTreatAsEsm: ['.ts'],
  runtime: '<rootDir>/test/support/node-runtime.config.mjs',
  testEnvironment: '<rootDir>/test/support/node-environment.config.mjs',
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
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/(browser|cluster|examples)/'],
  globalSetup: '<rootDir>/test/support/global-setup.config.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.config.mjs',
};

export default {
  // Files wait for servers, other processes and timers two thirds of their time: more workers than cores keep those busy.
  maxWorkers: 3 * availableParallelism(),
  // What a file has made is not all let go of; collecting it again and again costs more than a new worker.
  workerIdleMemoryLimit: '700MB',
  // The limit of every test and hook, in this one place. A busy machine is no failure; a test that hangs is.
  // A long run sets its own: `FAULT_ROUNDS=200 npm test -- test/faults --testTimeout=7200000`.
  testTimeout: 120_000,
  rootDir: root,
  testSequencer: '<rootDir>/test/support/longest-first.config.mjs',
  reporters: ['default', '<rootDir>/test/support/secret-reporter.config.mjs'],
  projects: [unit, e2e],
};
