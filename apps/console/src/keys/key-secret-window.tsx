import type { KeyRowFragment } from '../generated/graphql.js';
import type { Secret } from '../shared/secret.js';
import { SecretWindow, type Snippets } from '../shared/secret-window.js';
import { FirstUse } from './first-use.js';

const ENDPOINT = () => `${window.location.origin}/graphql`;
const OPERATION = '{ viewer { kind scopes } }';

const SNIPPETS: Snippets = {
  curl: (secret) => `curl -s ${ENDPOINT()} \\
  -H 'content-type: application/json' \\
  -H 'authorization: Bearer ${secret}' \\
  -d '{"query":"${OPERATION}"}'`,
  GraphQL: (secret) => `# ${ENDPOINT()}
# { "Authorization": "Bearer ${secret}" }
query FirstUse ${OPERATION}`,
  '.env': (secret) => `PORTAL_URL=${ENDPOINT()}\nPORTAL_API_KEY=${secret}\n`,
};

/** The secret of a key, once, until its first use is seen. */
export function KeySecretWindow({
  apiKey,
  secret,
  title,
  close,
}: {
  apiKey: KeyRowFragment;
  secret: Secret;
  title: string;
  close: () => void;
}) {
  return (
    <SecretWindow title={title} owner={apiKey.name} secret={secret} snippets={SNIPPETS} close={close}>
      {apiKey.status === 'PENDING' && (
        <p className="notice">
          The key opens nothing until an admin approves it: every request is answered with 401 PENDING_KEY. Its page
          shows when it is approved. A request that no admin answers ends after 7 days.
        </p>
      )}
      {canBeAwaited(apiKey) && <FirstUse id={apiKey.id} />}
    </SecretWindow>
  );
}

/** Without an overlap, a use of the new secret cannot be distinguished from an earlier use of the old one. */
const canBeAwaited = ({ status, lastUsedAt, rotation }: KeyRowFragment): boolean =>
  status !== 'PENDING' && (lastUsedAt == null || rotation != null);
