import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { ContainedClient, isConnectionError } from './contained-client.js';

/** Demands authentication of a kind that the driver does not know. The driver throws at this message. */
const UNKNOWN_AUTHENTICATION = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 99]);

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
});
