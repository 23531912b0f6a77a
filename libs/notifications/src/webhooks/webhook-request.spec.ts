import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { attempt, type Resolve } from './webhook-request.js';

const NONE = { acceptHttp: true, allowedNetworks: [] };
const LOOPBACK = { ...NONE, allowedNetworks: ['127.0.0.0/8'] };
const running = new AbortController().signal;
const sent = { headers: {}, body: '{}' };

describe('requests of webhooks', () => {
  it.each([
    ['a private address', [['10.0.0.1', 4]]],
    [
      'a public and a loopback address',
      [
        ['8.8.8.8', 4],
        ['127.0.0.1', 4],
      ],
    ],
    ['a mapped loopback address', [['::ffff:127.0.0.1', 6]]],
    ['no address', []],
  ] as [string, [string, number][]][])('a name that has %s is not connected to', async (_, found) => {
    const resolve: Resolve = async () => found.map(([address, family]) => ({ address, family }));
    expect(await attempt({ url: 'http://hooks.example.com/', ...sent }, NONE, running, resolve)).toEqual({
      status: null,
      error: 'the address is not allowed',
    });
  });

  it('an address in the URL is checked too', async () => {
    expect((await attempt({ url: 'http://127.0.0.1:9/', ...sent }, NONE, running)).error).toBe(
      'the address is not allowed',
    );
  });

  it('a name that changes its address after the check is not looked up again', async () => {
    const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    let lookups = 0;
    // The second answer would be refused, and nothing listens there.
    const resolve: Resolve = async () => [{ address: lookups++ === 0 ? '127.0.0.1' : '127.9.9.9', family: 4 }];
    const url = `http://hooks.example.com:${port}/`;
    expect(await attempt({ url, ...sent }, LOOPBACK, running, resolve)).toEqual({ status: 200, error: null });
    expect(lookups).toBe(1);
    server.close();
  });

  it('an https endpoint needs a certificate for its name that is trusted', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'latchkey-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const name = ['-subj', '/CN=hooks.example.com', '-addext', 'subjectAltName=DNS:hooks.example.com'];
    await promisify(execFile)('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
      ...name,
    ]);
    const pem = await readFile(cert, 'utf8');
    const names: unknown[] = [];
    const server = createTlsServer({ key: await readFile(key), cert: pem }, (request, response) => {
      names.push((request.socket as TLSSocket).servername, request.headers.host);
      response.writeHead(204).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const resolve: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const ask = (host: string) => attempt({ url: `https://${host}:${port}/`, ...sent }, LOOPBACK, running, resolve);
    const refused = { status: null, error: 'the TLS certificate or handshake is not acceptable' };
    expect(await ask('hooks.example.com')).toEqual(refused);
    const trusted = getCACertificates('default');
    setDefaultCACertificates([...trusted, pem]);
    expect(await ask('hooks.example.com')).toEqual({ status: 204, error: null });
    expect(await ask('other.example.com')).toEqual(refused);
    expect(names).toEqual(['hooks.example.com', `hooks.example.com:${port}`]);
    setDefaultCACertificates(trusted);
    server.close();
    await rm(folder, { recursive: true });
  });

  it('an attempt ends with its signal, also while a name is looked up', async () => {
    const stop = new AbortController();
    const resolve: Resolve = () => new Promise(() => setImmediate(() => stop.abort()));
    await expect(attempt({ url: 'http://hooks.example.com/', ...sent }, NONE, stop.signal, resolve)).rejects.toThrow();
  });
});
