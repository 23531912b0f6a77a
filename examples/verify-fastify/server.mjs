/**
 * A service on Fastify that guards a route with the API keys of a portal.
 *
 *   PORTAL_URL=http://127.0.0.1:4000 SERVICE_KEY=mktp_… node server.mjs
 *   curl http://127.0.0.1:8080/racks -H 'authorization: Bearer mktp_…'
 */
import fastify from 'fastify';

/** `SERVICE_KEY` is a key of the portal with the scope `keys:verify`, and without a rate limit. */
const { PORTAL_URL = 'http://127.0.0.1:4000', SERVICE_KEY = '', PORT = '8080' } = process.env;
const UNAVAILABLE = { status: 503, retryAfter: '1' };

/** Lets a request pass if its key has every scope; the handler finds the answer of the portal in `request.apiKey`. */
function requireScopes(...scopes) {
  return async (request, reply) => {
    const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (!token) return refuse(reply, 401, 'Bearer');
    const { status, retryAfter, key } = await introspect(token, request.ip).catch(() => UNAVAILABLE);
    if (retryAfter) return refuse(reply.header('retry-after', retryAfter), status);
    if (!key.active) return refuse(reply, 401, 'Bearer error="invalid_token"');
    const granted = key.scope.split(' ');
    if (!scopes.every((scope) => granted.includes(scope)))
      return refuse(reply, 403, `Bearer error="insufficient_scope", scope="${scopes.join(' ')}"`);
    request.apiKey = key;
  };
}

/** Asks the portal. An outage, or a portal that refuses this service, says nothing about the key: 503, never 401. */
async function introspect(token, ip) {
  const response = await fetch(new URL('/keys/verify', PORTAL_URL), {
    method: 'POST',
    headers: { authorization: `Bearer ${SERVICE_KEY}` },
    body: new URLSearchParams({ token, ip }),
    signal: AbortSignal.timeout(5_000),
  });
  if (response.ok) return { key: await response.json() };
  if (response.status !== 429) return UNAVAILABLE;
  return { status: 429, retryAfter: response.headers.get('retry-after') ?? '1' };
}

function refuse(reply, status, challenge) {
  if (challenge) reply.header('www-authenticate', challenge);
  return reply.code(status).send({ status });
}

// The address of the client: behind a proxy, list the proxy in `trustProxy`.
const app = fastify({ trustProxy: false });
app.decorateRequest('apiKey', null);
app.get('/racks', { onRequest: requireScopes('devices:read') }, async ({ apiKey }) => ({
  racks: [],
  tenant: apiKey.tenant,
}));
console.log(await app.listen({ host: '127.0.0.1', port: Number(PORT) }));
