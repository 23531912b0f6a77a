import { fileURLToPath } from 'node:url';
import { DevelopmentIssuer } from '#sessions';
import { ServerProcess } from '../support/child.js';

/** The first one is asked to revoke. */
export const INSTANCES = 3;
const PORTAL = fileURLToPath(new URL('../guard/portal.server.js', import.meta.url));

/** Instances of one portal on one database, a process each. */
export class InstanceSet {
  private constructor(
    private readonly servers: readonly ServerProcess[],
    private readonly issuer: DevelopmentIssuer,
  ) {}

  static async start(where: { databaseUrl: string; dataDirectory: string }): Promise<InstanceSet> {
    // First, so that all of them find the one key of the issuer.
    const issuer = await DevelopmentIssuer.open(where.dataDirectory);
    const servers: ServerProcess[] = [];
    while (servers.length < INSTANCES)
      servers.push(await ServerProcess.start(PORTAL, [where.databaseUrl, where.dataDirectory, 'guarded']));
    return new InstanceSet(servers, issuer);
  }

  get urls(): readonly string[] {
    return this.servers.map(({ url }) => url);
  }

  session(email: string): Promise<string> {
    return this.issuer.token(email, 3_600, new Date());
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }
}
