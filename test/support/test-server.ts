/** The server that the run started; see `global-setup.config.mjs`. */
export interface TestServer {
  /** The URL for the ordinary login that the application uses. */
  url: string;
  superuserUrl: string;
  /** A migrated database to clone. */
  template: string;
  directory: string;
  /** Folder for what is searched for secrets at the end of the run. */
  evidence: string;
}

export function testServer(): TestServer {
  const server = process.env['TEST_SERVER'];
  if (!server) throw new Error('There is no test server: run the tests by npm test.');
  return JSON.parse(server) as TestServer;
}
