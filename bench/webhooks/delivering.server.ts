import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openPortal } from '../support/portal.js';

/** Delivers webhooks, and takes them at the same time: what is measured beside it shares nothing but the machine and the database. */
const [databaseUrl = '', dataDirectory = ''] = process.argv.slice(2);
const receiver = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(204).end());
}).listen(0, '127.0.0.1');
await once(receiver, 'listening');
await openPortal({
  databaseUrl,
  dataDirectory,
  cacheSize: 0,
  isProduction: true,
  environment: { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8' },
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}` });
