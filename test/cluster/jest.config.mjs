import config from '../jest.config.mjs';

/** `npm run test:cluster`: the files of deploy/cluster, run by the programs that they are for. Needs root, and what `make-root.sh` makes. */
const e2e = config.projects.find(({ displayName }) => displayName === 'e2e');

export default {
  rootDir: config.rootDir,
  testTimeout: 300_000,
  // They take all processors.
  maxWorkers: 1,
  projects: [
    {
      ...e2e,
      displayName: 'cluster',
      testMatch: ['<rootDir>/test/cluster/**/*.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/'],
    },
  ],
};
