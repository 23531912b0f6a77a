import { useMemo, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { Answered, FailureNotice } from '../../api/answered.js';
import { useAct, useAnswer } from '../../api/operations.js';
import { CreateKeyDocument, KeyPolicyDocument, type KeyRowFragment, ScopesDocument } from '../../generated/graphql.js';
import { Secret } from '../../keys/secret.js';
import { SecretWindow } from '../../keys/secret-window.js';
import { Page } from '../../shared/page.js';
import { useNow } from '../../shared/time.js';
import { useUsers } from '../../shared/use-users.js';
import { useViewer } from '../../shell/viewer.js';
import { defaultExpiry, type Draft, inputOf, readLink, type Typed, type Unreadable } from './draft.js';
import { NewKeyForm } from './new-key-form.js';

interface Made {
  apiKey: KeyRowFragment;
  /** Undefined: an earlier try made the key, and its answer was lost. */
  secret: Secret | undefined;
}

/** The form for a new key, and the secret once it is made. */
export function NewKeyPage() {
  const [parameters] = useSearchParams();
  const { user } = useViewer();
  const navigate = useNavigate();
  const now = useNow();
  const [typed, setTyped] = useState<Typed>(() => readLink(parameters, user.role === 'SUPER_ADMIN' ? '' : user.id));
  const [made, setMade] = useState<Made>();
  const [unreadable, setUnreadable] = useState<Unreadable>({});
  const scopes = useAnswer(ScopesDocument, {});
  const policy = useAnswer(KeyPolicyDocument, {});
  const { users = [] } = useUsers();
  const { run, isRunning, failure } = useAct(CreateKeyDocument);
  // One for what stands in the form: a repeated try makes no second key.
  // oxlint-disable-next-line react/exhaustive-deps
  const idempotencyKey = useMemo(() => crypto.randomUUID(), [typed]);
  const most = policy.data?.apiKeyPolicy.maxLifetimeDays ?? undefined;
  const draft: Draft = { ...typed, expiry: typed.expiry ?? defaultExpiry(most) };

  const create = async () => {
    const { input, unreadable } = { unreadable: {}, input: undefined, ...inputOf(draft, Date.now()) };
    setUnreadable(unreadable);
    if (!input) return;
    const { data } = await run({ input: { ...input, idempotencyKey } });
    if (!data?.createApiKey) return;
    const { apiKey, secret } = data.createApiKey;
    setMade({ apiKey, secret: secret == null ? undefined : new Secret(secret) });
  };

  return (
    <Page
      title="New key"
      lead="A key belongs to a person or a service account, and never does more than its owner may."
    >
      {made && !made.secret && (
        <p className="notice notice-warn" role="alert">
          The key was made by an earlier try whose answer was lost, and the secret with it.{' '}
          <Link to={`/keys/${made.apiKey.id}`}>Open the key</Link>, and rotate it to get another secret.
        </p>
      )}
      <Answered answer={scopes}>
        {({ apiScopes }) => (
          <NewKeyForm
            draft={draft}
            change={(change) => setTyped({ ...typed, ...change })}
            catalogue={apiScopes}
            policy={policy.data?.apiKeyPolicy}
            users={users}
            now={now}
            failure={failure}
            unreadable={unreadable}
            isRunning={isRunning}
            create={() => void create()}
          />
        )}
      </Answered>
      {failure && failure.kind !== 'input' && <FailureNotice failure={failure} />}
      {made?.secret && (
        <SecretWindow
          apiKey={made.apiKey}
          secret={made.secret}
          title="The key is made"
          close={() => void navigate(`/keys/${made.apiKey.id}`)}
        />
      )}
    </Page>
  );
}
