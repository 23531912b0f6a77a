import config from '../test/jest.config.mjs';

/** `npm run test:example`: the tarball, applications that are installed from it, and services that verify keys. Packed and built first. */
const projectOf = (name) => config.projects.find(({ displayName }) => displayName === name);

export default {
  rootDir: config.rootDir,
  testTimeout: 300_000,
  // One waits for the registry while the other works.
  maxWorkers: 2,
  projects: [
    { ...projectOf('unit'), displayName: 'package', testMatch: ['<rootDir>/packages/*/test/*.spec.ts'] },
    {
      ...projectOf('e2e'),
      displayName: 'services',
      testMatch: ['<rootDir>/test/examples/*.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/'],
    },
  ],
};
