import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { drainable } from './drain.js';

/** Longer than a test may take. */
const NEVER_MS = 120_000;

describe('drain of a server', () => {
  it('a server that drains does not wait for connections without any request', async () => {
    const server = createServer((_, response) => void response.end('answered'));
    const drain = drainable(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const opened = once(server, 'connection');
    const silent = connect(port, '127.0.0.1');
    await opened;
    const gone = once(silent.resume(), 'close');
    const response = await fetch(`http://127.0.0.1:${port}`);
    expect(await response.text()).toBe('answered');
    await drain(NEVER_MS);
    await gone;
  });

  it('a server that drains finally cuts connections that no longer speak HTTP', async () => {
    const server = createServer();
    const drain = drainable(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const asked = once(server, 'connect');
    const tunnel = connect((server.address() as AddressInfo).port, '127.0.0.1');
    tunnel.write('CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n');
    await asked;
    const gone = once(tunnel.resume(), 'close');
    await drain(10);
    await gone;
  });
});
