import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApplicationConfig, HttpAdapterHost, type ModuleRef } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { HttpAdapters } from './http-adapters.js';

const NO_MODULES = { get: () => [] } as unknown as ModuleRef;
const adaptersOf = (host: HttpAdapterHost) => new HttpAdapters(host, NO_MODULES, new ApplicationConfig());

describe('an adapter that comes after the modules, as with Test.createTestingModule', () => {
  it('the requests of the adapter are completed', async () => {
    const [host, adapter] = [new HttpAdapterHost(), new ExpressAdapter()];
    const adapters = adaptersOf(host);
    host.httpAdapter = adapter;
    adapters.onModuleInit();
    adapter.get('/', (request: { id: string; raw: object }, reply: { send(body: object): void }) =>
      reply.send({ id: request.id, hasRaw: request.raw === request }),
    );
    adapter.initHttpServer({});
    const server = adapter.getHttpServer() as Server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { 'x-request-id': 'given' } });
    expect([await answer.json(), answer.headers.get('x-request-id')]).toEqual([{ id: 'given', hasRaw: true }, 'given']);
    server.close();
  });

  it('another adapter than Fastify and Express is refused when the application starts', () => {
    class OtherAdapter extends ExpressAdapter {
      override getType(): string {
        return 'koa';
      }
    }
    const host = new HttpAdapterHost();
    const adapters = adaptersOf(host);
    host.httpAdapter = new OtherAdapter();
    expect(() => adapters.onModuleInit()).toThrow('this one runs on koa');
  });
});
