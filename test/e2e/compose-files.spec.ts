import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { serve } from '../support/command-line.js';
import { post } from '../support/post.js';
import { TestDatabase } from '../support/test-database.js';

interface Service {
  image: string;
  command?: string[];
  entrypoint?: string[];
  environment: Record<string, string>;
  ports?: string[];
  depends_on?: Record<string, unknown>;
  configs?: { source: string }[];
}
interface ComposeFile {
  services: Record<string, Service>;
  configs: Record<string, { content: string }>;
}

const FILES = ['docker-compose.yml', 'docker-compose.demo.yml'];
const textOf = (file: string) => readFile(resolve(import.meta.dirname, '../..', file), 'utf8');
const read = async (file: string) => parse(await textOf(file), { merge: true }) as ComposeFile;

describe('files of docker compose', () => {
  it.each(FILES)(
    '%s names only services and configurations that it has, and opens ports to this machine alone',
    async (file) => {
      const { services, configs } = await read(file);
      const all = Object.values(services);
      const needed = all.flatMap(({ depends_on }) => Object.keys(depends_on ?? {}));
      expect(needed.filter((name) => !(name in services))).toEqual([]);
      const used = all.flatMap((service) => service.configs ?? []).map(({ source }) => source);
      expect(used.filter((name) => !(name in configs))).toEqual([]);
      const ports = all.flatMap((service) => service.ports ?? []);
      expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
      expect(ports).not.toEqual([]);
    },
  );

  it('both files make the same database for the same login', async () => {
    const [ours, demonstration] = await Promise.all(FILES.map(read));
    expect(demonstration?.services['database']?.image).toBe(ours?.services['database']?.image);
    expect(demonstration?.configs['portal-login']).toEqual(ours?.configs['portal-login']);
  });

  it('the demonstration starts with the variables of its file alone, and its key and session work', async () => {
    expect(await textOf('docker-compose.demo.yml')).not.toContain('${');
    const { portal } = (await read('docker-compose.demo.yml')).services;
    const [command, ...args] = portal?.command ?? [];
    expect([command, portal?.entrypoint?.at(-1)]).toEqual(['serve', '/app/dist/portal/main.js']);
    const cwd = await mkdtemp(join(tmpdir(), 'latchkey-compose-'));
    const database = await TestDatabase.create();
    const environment = { ...portal?.environment, DATABASE_URL: database.url };
    const served = await serve(args, { cwd, environment });
    try {
      const url = served.printed('URL') ?? '';
      const body = JSON.stringify({ query: '{ viewer { kind } }' });
      for (const [name, kind] of [
        ['API key', 'API_KEY'],
        ['Session token', 'USER'],
      ] as const) {
        const answer = await post(url, body, { key: served.printed(name) ?? '' });
        expect(answer.at('viewer.kind')).toBe(kind);
      }
    } finally {
      await served.end('SIGTERM');
      await database.drop();
      await rm(cwd, { recursive: true, force: true });
    }
  });
});
