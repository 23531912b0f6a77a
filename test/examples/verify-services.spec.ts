import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { GivenKey } from '../support/given.js';
import { usePortal } from '../support/hooks.js';
import { askKeys } from '../support/key-operations.js';
import { describeWith, kill } from '../support/programs.js';
import type { TestPortal } from '../support/test-portal.js';
import { unknownKey } from '../support/unknown-key.js';
import { until } from '../support/until.js';

const EXAMPLES = resolve(import.meta.dirname, '../../examples');

let api: TestPortal;
let service: GivenKey;
usePortal(async (started) => {
  api = started;
  service = await api.given.apiKey({ scopes: ['keys:verify'] });
});

for (const [name, program, file] of [
  ['Express', 'node', 'verify-express/server.mjs'],
  ['Fastify', 'node', 'verify-fastify/server.mjs'],
  ["Python's standard library", 'python3', 'verify-python/server.py'],
] as const)
  describeWith(program, `a service on ${name}`, () => {
    let child: ChildProcess;
    let url: string;
    let own: GivenKey;
    beforeAll(async () => {
      own = await api.given.apiKey({ tenant: service.tenant, scopes: ['keys:verify'] });
      const env = { PATH: process.env['PATH'], PORTAL_URL: api.url, SERVICE_KEY: own.secret, PORT: '0' };
      child = spawn(program, [resolve(EXAMPLES, file)], { env, stdio: ['ignore', 'pipe', 'ignore'] });
      const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${file} ended with ${code}.`)));
      const [line] = (await Promise.race([once(child.stdout ?? child, 'data'), ended])) as [Buffer];
      url = line.toString().trim();
    });
    afterAll(() => kill(child));

    const ask = async (key?: string) => {
      const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
      const response = await fetch(`${url}/racks`, { headers });
      return { status: response.status, headers: response.headers, body: (await response.json()) as unknown };
    };
    const challengeOf = async (key?: string) => {
      const { status, headers } = await ask(key);
      return [status, headers.get('www-authenticate')];
    };
    const ownKey = (input: Record<string, unknown> = {}) =>
      api.given.apiKey({ tenant: service.tenant, scopes: ['devices:read'], ...input });

    it(`a service on ${name} answers a key that has the scope, from the address of its client`, async () => {
      const { secret } = await ownKey({ allowedCidrs: ['127.0.0.0/8'] });
      expect(await ask(secret)).toMatchObject({ status: 200, body: { racks: [], tenant: service.tenant.id } });
    });

    it(`a service on ${name} refuses a request without a good key, or without the scope`, async () => {
      const [other, elsewhere] = [
        await ownKey({ scopes: ['alerts:read'] }),
        await ownKey({ allowedCidrs: ['10.0.0.0/8'] }),
      ];
      const invalid = [401, 'Bearer error="invalid_token"'];
      expect(await challengeOf()).toEqual([401, 'Bearer']);
      expect(await challengeOf(unknownKey())).toEqual(invalid);
      expect(await challengeOf(elsewhere.secret)).toEqual(invalid);
      expect(await challengeOf(other.secret)).toEqual([403, 'Bearer error="insufficient_scope", scope="devices:read"']);
    });

    it(`a service on ${name} refuses a revoked key at once`, async () => {
      const { id, secret, admin } = await ownKey();
      expect((await ask(secret)).status).toBe(200);
      await askKeys(api, 'revokeApiKeys', { input: { ids: [id] } }, { session: admin.session });
      expect((await ask(secret)).status).toBe(401);
    });

    it(`a service on ${name} passes on that a key is over its rate`, async () => {
      const { secret } = await ownKey({ rateLimit: { limit: 1, windowSeconds: 600 } });
      expect((await ask(secret)).status).toBe(200);
      const { status, headers } = await ask(secret);
      expect([status, Number(headers.get('retry-after')) > 1]).toEqual([429, true]);
    });

    it(`a service on ${name} whose own key ended says nothing about the keys of its clients`, async () => {
      const { secret } = await ownKey();
      await askKeys(api, 'revokeApiKeys', { input: { ids: [own.id] } }, { session: own.admin.session });
      await until('the service is refused', async () => (await ask(secret)).status !== 200);
      const { status, headers } = await ask(secret);
      expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    });
  });
