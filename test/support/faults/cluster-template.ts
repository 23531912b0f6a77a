import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { administratorSql, migrate } from '#database';
import { startEmbeddedServer } from '#embedded-server';
import { SCHEMA } from '../../../mikro-orm.config.js';
import { testServer } from '../test-server.js';
import { until } from '../until.js';

/** @returns a new folder with a migrated cluster. The first test file of a run makes the cluster, and all copy it. */
export async function copyOfTemplate(): Promise<string> {
  const template = await templateOfThisRun();
  const directory = await mkdtemp(join(testServer().directory, 'cluster-'));
  execFileSync('cp', ['-a', `${template}/.`, directory]);
  // Started by root, the server runs as another user, who must be able to enter.
  await chmod(directory, 0o755);
  return directory;
}

async function templateOfThisRun(): Promise<string> {
  const template = join(testServer().directory, 'template-of-clusters');
  const claim = `${template}.claim`;
  const isOurs = await mkdir(claim).then(
    () => true,
    () => false,
  );
  if (isOurs) await makeTemplate(template).catch((error: unknown) => rmdir(claim).then(() => Promise.reject(error)));
  else await until('the template of clusters is made', () => existsSync(template));
  return template;
}

async function makeTemplate(template: string): Promise<void> {
  const directory = `${template}.unfinished`;
  await mkdir(directory);
  await chmod(directory, 0o755);
  const server = await startEmbeddedServer({
    directory,
    administratorSql,
    announce: () => undefined,
    disposable: true,
  });
  try {
    await migrate({ url: server.url, ...SCHEMA });
  } finally {
    await server.stop();
  }
  // It names the port, which all copies would try first.
  await rm(join(server.dataDirectory, 'postmaster.opts'), { force: true });
  await rename(directory, template);
}
