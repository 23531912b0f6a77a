import type { EndpointFragment } from '../generated/graphql.js';
import type { Secret } from '../shared/secret.js';
import { SecretWindow, type Snippets } from '../shared/secret-window.js';

const VERIFY = `import { Webhook } from 'standardwebhooks';

// Throws where the portal did not send this body.
const event = new Webhook(process.env.WEBHOOK_SECRET).verify(body, headers);`;

const SNIPPETS: Snippets = {
  '.env': (secret) => `WEBHOOK_SECRET=${secret}\n`,
  TypeScript: () => VERIFY,
};

/** The secret of an endpoint, once. */
export function EndpointSecretWindow({
  endpoint: { url, previousSecretExpiresAt },
  secret,
  title,
  close,
}: {
  endpoint: EndpointFragment;
  secret: Secret;
  title: string;
  close: () => void;
}) {
  return (
    <SecretWindow title={title} owner={url} secret={secret} snippets={SNIPPETS} close={close}>
      {previousSecretExpiresAt != null && (
        <p className="notice">During the overlap both secrets sign each delivery: a receiver accepts either.</p>
      )}
    </SecretWindow>
  );
}
