import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runningServerUrl } from '#embedded-server';
import {
  ask,
  Bench,
  isRunning,
  REACHABLE_FOLDER,
  READ_FACT,
  useRestingBench,
  writeFact,
} from '../support/faults/embedded-bench.js';
import { LocalServer } from '../support/local-server.js';
import { until } from '../support/until.js';

/** Skipped for every other user: only root starts the server as another user, whom a folder can keep out. */
const itAsRoot = process.getuid?.() === 0 ? it : it.skip;

describe('first start of the embedded server', () => {
  let bench: Bench;
  beforeEach(async () => void (bench = await Bench.make()));
  afterEach(() => bench.clean());

  it('the first start of the embedded server makes a UTF8 cluster that only this machine reaches, and only with a password', async () => {
    const directory = join(bench.directory, 'within');
    const server = await bench.start({ directory });
    expect(server.dataDirectory).toBe(join(directory, 'postgres'));
    const facts = `select current_setting('server_encoding') as encoding, current_setting('listen_addresses') as address,
      current_setting('unix_socket_directories') as sockets, datlocale as locale, datcollate as collation,
      (select array_agg(distinct auth_method) from pg_hba_file_rules) as methods,
      (select bool_and(rolpassword like 'SCRAM-SHA-256%') from pg_authid where rolcanlogin) as "isHashed"
      from pg_database where datname = 'portal'`;
    const locale = { locale: 'C.UTF-8', collation: process.platform === 'linux' ? 'C.UTF-8' : 'C' };
    expect(await ask(server.superuserUrl, facts)).toEqual([
      { encoding: 'UTF8', address: '127.0.0.1', sockets: '', ...locale, methods: ['scram-sha-256'], isHashed: true },
    ]);
    const guess = ask(server.url.replace(/:[^:@]+@/, ':guess@'), 'select 1');
    await expect(guess).rejects.toThrow('password authentication failed');
    for (const name of ['superuser.password', 'portal.password', 'postgres.log']) {
      expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
    }
  });

  it('the embedded server refuses data of another major version, names both versions, and leaves the data alone (F36)', async () => {
    const versionFile = join(bench.directory, 'postgres', 'PG_VERSION');
    await mkdir(dirname(versionFile), { recursive: true });
    await writeFile(versionFile, '16\n');
    const start = bench.start();
    await expect(start).rejects.toThrow(/was made by PostgreSQL 16 and cannot be served by PostgreSQL 18/);
    expect(await readFile(versionFile, 'utf8')).toBe('16\n');
  });

  it('the embedded server does not start on a folder that is no cluster, and leaves the folder alone', async () => {
    const folder = join(bench.directory, 'postgres');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'notes'), 'mine');
    await expect(bench.start()).rejects.toThrow(`Cannot put a PostgreSQL cluster in ${folder}`);
    expect(readdirSync(folder)).toEqual(['notes']);
  });

  it('the embedded server names the missing file when the password of its data is lost', async () => {
    const folder = join(bench.directory, 'postgres');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'PG_VERSION'), '18\n');
    await expect(bench.start()).rejects.toThrow(/superuser.password is missing/);
  });

  itAsRoot(
    'the embedded server keeps its data elsewhere, and finds it again, when its user may not enter the folder',
    async () => {
      await chmod(bench.root, 0o700);
      const first = await bench.start();
      const fact = await writeFact(first.url);
      expect(dirname(dirname(first.dataDirectory))).toBe(REACHABLE_FOLDER);
      expect(bench.announced).toEqual([expect.stringContaining(first.dataDirectory)]);
      await first.stop();
      await chmod(bench.root, 0o755);
      const second = await bench.start();
      expect(second.dataDirectory).toBe(first.dataDirectory);
      expect(await ask(second.url, READ_FACT)).toEqual(fact);
    },
  );
});

describe('later start of the embedded server', () => {
  let bench: Bench;
  useRestingBench((made) => (bench = made));

  it('a later start of the embedded server finds the data, the passwords and the port of the first start', async () => {
    const first = await bench.start();
    const fact = await writeFact(first.url);
    await first.stop();
    expect(isRunning(first.pid)).toBe(false);
    const second = await bench.start();
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, READ_FACT)).toEqual(fact);
  });

  it('the embedded server starts after a server that was killed and whose end was announced', async () => {
    const first = await bench.start({ startsAgain: false });
    const fact = await writeFact(first.url);
    process.kill(first.pid, 'SIGKILL');
    const second = await bench.start();
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, READ_FACT)).toEqual(fact);
    const end = `process ${first.pid}\\) ended: signal SIGKILL.*postgres.log`;
    expect(bench.announced).toEqual([expect.stringMatching(end)]);
  });

  it('a later start stops the embedded server that a killed process left behind, and keeps its data (F35)', async () => {
    const { child, server: orphan } = await bench.startElsewhere();
    const fact = await writeFact(orphan.url);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isRunning(orphan.pid)).toBe(true);
    const server = await bench.start();
    expect(isRunning(orphan.pid)).toBe(false);
    expect(await ask(server.url, READ_FACT)).toEqual(fact);
    expect(bench.announced).toEqual([expect.stringContaining(`process ${orphan.pid}`)]);
  });

  it('the embedded server ends with its process, even when the process does not stop it', async () => {
    const { child, server } = await bench.startElsewhere();
    child.stdin?.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
    await until('the server ends', () => !isRunning(server.pid));
  });

  it('a second process that starts the embedded server is refused, and the first keeps running', async () => {
    const { child, server } = await bench.startElsewhere();
    await expect(bench.start()).rejects.toThrow(`${bench.directory} is already served by process ${child.pid}.`);
    expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('the embedded server starts despite a postmaster.pid whose id now belongs to another program of the same user', async () => {
    const folder = join(bench.directory, 'postgres');
    const { uid } = await stat(folder);
    const program = spawn('sleep', ['60'], { uid });
    await writeFile(join(folder, 'postmaster.pid'), `${program.pid}\n${folder}\n`);
    const server = await bench.start();
    expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(program.kill()).toBe(true);
  });

  it.each([
    ['a process that is gone', '4194303'],
    ['nothing readable', ''],
  ])('the embedded server starts despite a postmaster.pid that names %s (F36)', async (_what, pid) => {
    await writeFile(join(bench.directory, 'postgres', 'postmaster.pid'), `${pid}\n`);
    const server = await bench.start();
    expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('the embedded server gives an ordinary login that owns its database, which the administrator has prepared', async () => {
    const administratorSql = (login: string) => ['create role helper', `grant helper to "${login}"`];
    const server = await bench.start({ administratorSql });
    const role = `select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication as "isMighty",
      pg_has_role(oid, 'helper', 'set') as "hasHelper",
      (select datdba = pg_roles.oid from pg_database where datname = current_database()) as "isOwner"
      from pg_roles where rolname = current_user`;
    expect(await ask(server.url, role)).toEqual([{ isMighty: false, hasHelper: true, isOwner: true }]);
    await expect(ask(server.url, 'create role another')).rejects.toThrow('permission denied');
  });

  it('one of two simultaneous starts of the embedded server succeeds', async () => {
    const results = await Promise.allSettled([bench.start(), bench.start()]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('a second process that starts the embedded server is refused, even after a second call in the first process', async () => {
    const server = await bench.start();
    await expect(bench.start()).rejects.toThrow(`is already served by process ${process.pid}.`);
    expect(await runningServerUrl(bench.directory)).toBe(server.url);
    await expect(bench.startElsewhere()).rejects.toThrow(`is already served by process ${process.pid}.`);
    expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('the embedded server takes another port while another program has the last one (F36)', async () => {
    const first = await bench.start();
    await first.stop();
    const occupant = await LocalServer.start(undefined, first.port);
    const second = await bench.start();
    await occupant.stop();
    expect(second.port).not.toBe(first.port);
    expect(await ask(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('a failed start of the embedded server includes the end of its log in the error, and may be tried again', async () => {
    const wrong = bench.start({ settings: { work_mem: 'much' } });
    await expect(wrong).rejects.toThrow(/did not start[^]*invalid value.*"work_mem"/);
    const server = await bench.start({ settings: { work_mem: '5MB' } });
    expect(await ask(server.url, 'show work_mem')).toEqual([{ work_mem: '5MB' }]);
  });

  it('the embedded server does not start where the administrator’s SQL fails; the error names the statement, and no server keeps running', async () => {
    await expect(bench.start({ administratorSql: () => ['create rule'] })).rejects.toThrow(
      /syntax error[^]*create rule/,
    );
    expect(existsSync(join(bench.directory, 'postgres', 'postmaster.pid'))).toBe(false);
  });
});
