import { createServer } from 'node:http';
import { devicesOf, ITEMS, serveToParent } from './items.mjs';

/** `node:http` with JSON in and out and no GraphQL: the lower bound of a request. */
const [, databaseUrl, tenantId] = process.argv.slice(2);
const readDevices = databaseUrl && devicesOf(databaseUrl, tenantId);

async function answerTo(query) {
  if (query.includes('benchDevices')) return { benchDevices: { nodes: await readDevices() } };
  return query.includes('benchItems') ? { benchItems: ITEMS } : { benchTrivial: 'pong' };
}

const server = createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  request.on('end', async () => {
    const body = JSON.stringify({ data: await answerTo(JSON.parse(text).query) });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => serveToParent(`http://127.0.0.1:${server.address().port}`));
