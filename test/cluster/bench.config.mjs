import config from './jest.config.mjs';

/** `npm run bench:cluster`: what instances behind HAProxy serve. */
const testMatch = ['<rootDir>/test/cluster/*.bench.ts'];

export default { ...config, testTimeout: 1_800_000, projects: config.projects.map((one) => ({ ...one, testMatch })) };
