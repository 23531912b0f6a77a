import type { ApolloServerPlugin } from '@apollo/server';
import { Plugin } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { Aftermath } from '../support/aftermath.js';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

/** Distinct documents, twice as many as are sent first. */
const DOCUMENTS = Number(process.env['DOCUMENTS'] ?? 80);

const work = { parsed: 0, validated: 0 };

@Plugin()
class CountingPlugin implements ApolloServerPlugin {
  async requestDidStart() {
    return {
      async parsingDidStart() {
        work.parsed++;
      },
      async validationDidStart() {
        work.validated++;
      },
    };
  }
}

@Module({ providers: [CountingPlugin] })
class CountingModule {}

describe('kept documents', () => {
  let api: TestPortal;
  usePortal((started) => (api = started), { imports: [CountingModule] });

  it('C40 a document is parsed and validated once, for all variables and credentials', async () => {
    const document = `query Once($first: Int) { devices(first: $first) { nodes { hostname } } }`;
    const [one, other] = [await api.given.apiKey(), await api.given.apiKey({ scopes: ['alerts:read'] })];
    const before = { ...work };
    expect((await api.query(document, { key: one.secret, variables: { first: 1 } })).status).toBe(200);
    expect((await api.query(document, { key: one.secret, variables: { first: 2 } })).status).toBe(200);
    expect((await api.query(document, { key: other.secret })).status).toBe(403);
    expect((await api.query(document)).status).toBe(401);
    for (let n = 0; n < 100; n++) await api.query(document, { key: one.secret, variables: { first: n % 7 } });
    expect(work).toEqual({ parsed: before.parsed + 1, validated: before.validated + 1 });
  });

  it('access to a document is decided by the variables of its conditions, each time', async () => {
    const document = `query If($all: Boolean!) { viewer { kind } devices @include(if: $all) { nodes { hostname } } }`;
    const { secret } = await api.given.apiKey({ scopes: ['alerts:read'] });
    const statusOf = async (all: boolean) => (await api.query(document, { key: secret, variables: { all } })).status;
    const statuses = [await statusOf(false), await statusOf(true), await statusOf(false), await statusOf(true)];
    expect(statuses).toEqual([200, 403, 200, 403]);
  });

  it('access to a document of several operations is decided for the named operation', async () => {
    const document = `query Open { viewer { kind } } query Closed { devices { nodes { hostname } } }`;
    const { secret } = await api.given.apiKey({ scopes: ['alerts:read'] });
    const statusOf = async (operationName: string) =>
      (await api.query(document, { key: secret, operationName })).status;
    expect([await statusOf('Open'), await statusOf('Closed'), await statusOf('Open')]).toEqual([200, 403, 200]);
  });

  it(`C41 a document after many others takes no more memory: ${DOCUMENTS} distinct ones`, async () => {
    const key = await api.given.apiKey();
    const aftermath = await Aftermath.begin(api, key);
    let sent = 0;
    await aftermath.ofRepeats(DOCUMENTS, async () => {
      const text = `query Q${sent++} { viewer { kind } devices(first: ${1 + (sent % 100)}) { nodes { id hostname } } }`;
      expect((await api.query(text, { key: key.secret })).status).toBe(200);
    });
    aftermath.end();
  });
});
