import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { type EmbeddedServer, startEmbeddedServer } from '#embedded-server';

/** Folder for data whose own folder the server's user may not enter. */
export const REACHABLE_FOLDER = '/var/lib/latchkey';
const SOURCE = new URL('../../../libs/embedded-server/src/embedded-server.ts', import.meta.url);

/** A server in another process, which ends by itself when its standard input does. */
export interface Elsewhere {
  child: ChildProcess;
  server: EmbeddedServer;
}

/** Announced at every start if other users may not enter the folder of this checkout. */
const ABOUT_THIS_CHECKOUT = /it runs their copy/;

/** A folder of its own, and the servers started there. */
export class Bench {
  readonly directory: string;
  readonly announced: string[] = [];
  private readonly homes = new Set<string>();
  private readonly servers: EmbeddedServer[] = [];
  private readonly elsewhere: Elsewhere[] = [];

  private constructor(readonly root: string) {
    this.directory = join(root, 'data');
  }

  static async make(): Promise<Bench> {
    const root = await mkdtemp(join(await realpath(tmpdir()), 'embedded-server-'));
    await chmod(root, 0o755);
    return new Bench(root);
  }

  async start(options: Partial<Parameters<typeof startEmbeddedServer>[0]> = {}): Promise<EmbeddedServer> {
    const announce = (line: string) => {
      if (!ABOUT_THIS_CHECKOUT.test(line)) this.announced.push(line);
    };
    const needed = { directory: this.directory, announce, administratorSql: () => [] };
    const server = await startEmbeddedServer({ ...needed, disposable: true, ...options });
    this.servers.push(server);
    this.homes.add(dirname(server.dataDirectory));
    return server;
  }

  /** @throws {Error} with what the other process says when it does not start */
  async startElsewhere(): Promise<Elsewhere> {
    const program = `
      import { registerHooks } from 'node:module';
      registerHooks({ resolve: (name, context, next) =>
        next(context.parentURL?.endsWith('.ts') && name.startsWith('.') ? name.replace(/js$/, 'ts') : name, context) });
      const { startEmbeddedServer } = await import(${JSON.stringify(SOURCE.href)});
      const directory = ${JSON.stringify(this.directory)};
      const server = await startEmbeddedServer({ directory, announce() {}, administratorSql: () => [], disposable: true });
      console.log(JSON.stringify(server));
      process.stdin.resume();`;
    const args = ['--input-type=module', '-e', program];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const said: string[] = [];
    child.stderr.on('data', (piece) => said.push(String(piece)));
    const line = await Promise.race([
      once(createInterface(child.stdout), 'line').then(([first]) => String(first)),
      once(child, 'close').then(() => Promise.reject(new Error(said.join('')))),
    ]);
    const started = { child, server: JSON.parse(line) as EmbeddedServer };
    this.elsewhere.push(started);
    return started;
  }

  /** Ends whatever runs, and forgets what was announced. */
  async rest(): Promise<void> {
    for (const { child, server } of this.elsewhere.splice(0)) {
      child.kill('SIGKILL');
      if (isRunning(server.pid)) process.kill(server.pid, 'SIGQUIT');
    }
    await Promise.all(this.servers.splice(0).map((server) => server.stop()));
    this.announced.length = 0;
  }

  async clean(): Promise<void> {
    await this.rest();
    const outside = [...this.homes].filter((home) => home.startsWith(`${REACHABLE_FOLDER}/`));
    for (const folder of [this.root, ...outside]) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A bench with a cluster, for the tests of a block: no server runs before a test, and none after it. */
export function useRestingBench(begun: (bench: Bench) => void): void {
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.make();
    await bench.start();
    await bench.rest();
    begun(bench);
  });
  afterEach(() => bench.rest());
  afterAll(() => bench.clean());
}

/** Writes a fact to the database. @returns what `READ_FACT` finds as long as it is kept */
export async function writeFact(url: string): Promise<unknown[]> {
  const fact = randomUUID();
  await ask(url, `drop table if exists facts; create table facts as select '${fact}' as fact`);
  return [{ fact }];
}
export const READ_FACT = 'select fact from facts';

export async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A process that has ended keeps its id, as a zombie, until its parent takes note: in a container perhaps never. */
export function isRunning(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
  } catch {
    return false;
  }
}
