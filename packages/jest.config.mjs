import config from '../test/jest.config.mjs';

/** `npm run test:example`: the tarball, and an application that is installed from it. Packed before the tests run. */
const unit = config.projects.find(({ displayName }) => displayName === 'unit');

export default {
  rootDir: config.rootDir,
  testTimeout: 300_000,
  // One waits for the registry while the other works.
  maxWorkers: 2,
  projects: [{ ...unit, displayName: 'package', testMatch: ['<rootDir>/packages/*/test/*.spec.ts'] }],
};
