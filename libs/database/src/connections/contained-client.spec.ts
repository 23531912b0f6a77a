import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Client } from 'pg';
import { ContainedClient, isConnectionError } from './contained-client.js';

/** Demands authentication of a kind that the driver does not know. The driver throws at this message. */
const UNKNOWN_AUTHENTICATION = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 99]);

/** Lets a client in: no password, ready for a statement. */
const WELCOME = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);
/** Asks the client for the rows of a copy. */
const BEGIN_OF_COPY = Buffer.from([0x47, 0, 0, 0, 7, 0, 0, 0]);

describe('contained client', () => {
  it('an exception of the driver fails the one connection that the message came on', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined).end(UNKNOWN_AUTHENTICATION));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const client = new ContainedClient({ host: '127.0.0.1', port });
    const failure = await client.connect().catch((error: unknown) => error);
    expect(String(failure)).toContain('Unknown authenticationOk message type');
    expect(isConnectionError(failure as Error)).toBe(true);
    server.close();
  });

  it('a server that begins a copy loses the connection, and gets no endless row of refusals', async () => {
    let received = 0;
    const server = createServer((socket) =>
      socket.on('error', () => undefined).on('data', () => socket.write(received++ === 0 ? WELCOME : BEGIN_OF_COPY)),
    );
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const client: Client = new ContainedClient({ host: '127.0.0.1', port, user: 'portal', query_timeout: 500 });
    await client.connect();
    const failure = await client.query('select 1').catch((error: unknown) => error);
    expect(String(failure)).toContain('began a copy');
    expect(isConnectionError(failure as Error)).toBe(true);
    expect(received).toBeLessThanOrEqual(3);
    server.close();
  });
});
