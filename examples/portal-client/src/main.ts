import { PortalClient } from './portal-client.js';
import { BadCredential, PortalError, PortalUnreachable } from './portal-error.js';

const { PORTAL_URL = 'http://127.0.0.1:4000/graphql', PORTAL_TOKEN = '' } = process.env;

/** A key from its making to its end, step by step. */
async function lifeOfAKey(portal: PortalClient): Promise<void> {
  const { apiKey, secret } = await portal.createKey({ name: 'portal-client example', scopes: ['devices:read'] });
  console.log(`made ${apiKey.keyPrefix}… (${apiKey.id}); its plaintext has ${secret?.length} characters`);
  for await (const { name, status, scopes } of portal.keys()) console.log(`  ${status} ${name}: ${scopes.join(' ')}`);
  const rotated = await portal.rotateKey({ id: apiKey.id, overlapSeconds: 60 });
  console.log(`rotated: ${rotated.apiKey.keyPrefix}… from now on`);
  const { count } = await portal.revokeKeys({ ids: [apiKey.id], reason: 'UNUSED' });
  console.log(`revoked: ${count}`);
}

const SESSION_NEEDED = 'Set PORTAL_TOKEN to a session token: npm run portal -- session --email …';

try {
  await lifeOfAKey(new PortalClient(PORTAL_URL, PORTAL_TOKEN));
} catch (error) {
  if (!(error instanceof PortalError || error instanceof PortalUnreachable || error instanceof BadCredential))
    throw error;
  process.exitCode = 1;
  report(error);
}

function report(error: PortalError | PortalUnreachable | BadCredential): void {
  if (error instanceof PortalUnreachable) return console.error(error.message);
  if (error instanceof BadCredential) return console.error(`${error.message} ${SESSION_NEEDED}`);
  console.error(`${error.code} ${error.reason ?? ''}: ${error.message}`);
  for (const { path, message } of error.extensions.problems ?? []) console.error(`  ${path.join('.')} ${message}`);
  if (error.isCredentialDead) console.error(SESSION_NEEDED);
}
