import { appendFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, statfs, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

/** Made by the build that `npm test` begins with; a check of the sources has none to look at. */
const BUILT_CONFIG = new URL('../../dist/mikro-orm.config.js', import.meta.url);
/** Cloned for each test portal: migrated once, used by nobody. */
const TEMPLATE = 'template_portal';
const MEMORY = '/dev/shm';
const ROOMY_BYTES = 4 * 2 ** 30;
/**
 * Tests open thousands of connections. Proving a password by SCRAM costs each a quarter of its CPU, and hashing the password 4,096
 * times would cost more. Servers that tests start for themselves ask by SCRAM, as in production.
 */
const ADMISSION = 'host all all 127.0.0.1/32 password\n';

/** One PostgreSQL server for the whole run. Test files find it through the environment. */
export default async function startServer() {
  const { administratorSql, migrate, startEmbeddedServer, SCHEMA } = await importUnseen();
  const directory = await mkdtemp(join(await roomyMemory(), 'latchkey-test-'));
  // Started by root, the server runs as another user, who must be able to enter.
  await chmod(directory, 0o755);
  const admission = join(directory, 'pg_hba.conf');
  await writeFile(admission, ADMISSION);
  const server = await startEmbeddedServer({
    directory,
    administratorSql,
    announce: () => undefined,
    disposable: true,
    settings: { max_connections: '300', scram_iterations: '1', hba_file: admission },
  });
  const administrator = new Client({ connectionString: server.superuserUrl });
  await administrator.connect();
  await administrator.query(`create database ${TEMPLATE} owner portal`);
  await administrator.end();
  const url = new URL(server.url);
  url.pathname = TEMPLATE;
  await migrate({ url: url.href, ...SCHEMA });
  const evidence = join(directory, 'evidence');
  await mkdir(evidence);
  // The server writes there, too, as its own user.
  await chmod(evidence, 0o777);
  const passwords = [server.url, server.superuserUrl].map((text) => new URL(text).password);
  await writeFile(join(evidence, 'secrets-of-the-server'), `${passwords.join('\n')}\n`);
  await symlink(join(directory, 'postgres.log'), join(evidence, 'output-of-postgres'));
  const releaseOutput = keepPrinted(join(evidence, 'output-of-the-run'));
  process.env['TEST_SERVER'] = JSON.stringify({
    url: server.url,
    superuserUrl: server.superuserUrl,
    template: TEMPLATE,
    directory,
    evidence,
  });
  globalThis.testRun = {
    evidence,
    async stop() {
      releaseOutput();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A database a test portal: files in memory are copied in a tenth of the time. @returns where the disk is all there is, its folder */
async function roomyMemory() {
  const memory = await statfs(MEMORY).catch(() => undefined);
  return memory && memory.bavail * memory.bsize >= ROOMY_BYTES ? MEMORY : tmpdir();
}

/** Keeps what this process prints: reports, and what tests write to the console. @returns how to stop */
function keepPrinted(file) {
  const restore = [process.stdout, process.stderr].map((stream) => {
    const { write } = stream;
    stream.write = function (chunk, ...rest) {
      appendFileSync(file, chunk);
      return write.call(stream, chunk, ...rest);
    };
    return () => {
      stream.write = write;
    };
  });
  return () => restore.forEach((undo) => undo());
}

/**
 * The built application, without what it leaves on `globalThis`: Jest hands whatever it finds there to every test
 * file, and @nestjs/graphql would find the types of another file's classes.
 */
async function importUnseen() {
  const before = new Set(Object.getOwnPropertyNames(globalThis));
  const database = await import('#database');
  const embeddedServer = await import('#embedded-server');
  const { SCHEMA } = await import(BUILT_CONFIG.href);
  for (const name of Object.getOwnPropertyNames(globalThis)) if (!before.has(name)) delete globalThis[name];
  return { ...database, ...embeddedServer, SCHEMA };
}
