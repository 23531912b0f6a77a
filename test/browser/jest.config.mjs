import config from '../jest.config.mjs';

/** `npm run test:browser`: what a person sees, in Chromium. Needs `/usr/bin/chromium`, so it is no part of `npm test`. */
const e2e = config.projects.find(({ displayName }) => displayName === 'e2e');

export default {
  rootDir: config.rootDir,
  testTimeout: 180_000,
  projects: [
    {
      ...e2e,
      displayName: 'browser',
      testMatch: ['<rootDir>/test/browser/**/*.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/'],
    },
  ],
};
