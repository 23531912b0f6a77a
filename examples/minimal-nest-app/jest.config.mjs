/** The built application, as `npm start` runs it. */
export default { testMatch: ['<rootDir>/dist/test/*.test.js'], testEnvironment: 'node', testTimeout: 60_000 };
