import { type ReactNode, useMemo, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { Answered, FailureNotice, Skeleton } from '../../api/answered.js';
import { useAct, useAnswer } from '../../api/operations.js';
import {
  CreateKeyDocument,
  type KeyRowFragment,
  KeyToDuplicateDocument,
  ScopesDocument,
} from '../../generated/graphql.js';
import { MemberKeysOff, useMayMakeKeys } from '../../keys/may-make-keys.js';
import { usePolicy } from '../../keys/policy.js';
import { Secret } from '../../shared/secret.js';
import { KeySecretWindow } from '../../keys/key-secret-window.js';
import { Page } from '../../shared/page.js';
import { useNow } from '../../shared/time.js';
import { useUsers } from '../../shared/use-users.js';
import { isAdmin, useViewer } from '../../shell/viewer.js';
import {
  defaultExpiry,
  type Draft,
  emptyForm,
  formLike,
  inputOf,
  readLink,
  type Typed,
  type Unreadable,
} from './draft.js';
import { NewKeyForm, type Owner } from './new-key-form.js';

interface Made {
  apiKey: KeyRowFragment;
  /** Undefined: an earlier try made the key, and its answer was lost. */
  secret: Secret | undefined;
}

/** The form for a new key: empty, filled by a link, or like another key. */
export function NewKeyPage() {
  const [parameters] = useSearchParams();
  const like = parameters.get('like');
  const viewer = useViewer();
  const isMember = !isAdmin(viewer);
  const mayMake = useMayMakeKeys();
  if (mayMake === undefined) return <Skeleton rows={6} />;
  if (!mayMake)
    return (
      <Page title="New key">
        <MemberKeysOff />
      </Page>
    );
  const empty = emptyForm(viewer.user.role === 'SUPER_ADMIN' ? '' : viewer.user.id);
  const read = (form: Typed) => readLink(parameters, form, isMember);
  if (like === null) return <NewKey form={read(empty)} isMember={isMember} />;
  return <KeyLike id={like}>{(form = empty) => <NewKey form={read(form)} isMember={isMember} />}</KeyLike>;
}

/** The form like another key; undefined where the viewer sees no such key. */
function KeyLike({ id, children }: { id: string; children: (form: Typed | undefined) => ReactNode }) {
  const answer = useAnswer(KeyToDuplicateDocument, { id });
  return <Answered answer={answer}>{({ apiKey }) => children(apiKey ? formLike(apiKey) : undefined)}</Answered>;
}

/** The form, and the secret once the key is made. */
function NewKey({ form, isMember }: { form: Typed; isMember: boolean }) {
  const { user } = useViewer();
  const navigate = useNavigate();
  const now = useNow();
  const [typed, setTyped] = useState(form);
  const [made, setMade] = useState<Made>();
  const [unreadable, setUnreadable] = useState<Unreadable>({});
  const scopes = useAnswer(ScopesDocument, {});
  const policy = usePolicy();
  const { users = [] } = useUsers({ isPaused: isMember });
  const owners: Owner[] = isMember ? [{ ...user, kind: 'HUMAN' }] : users.filter(({ isActive }) => isActive);
  const { run, isRunning, failure } = useAct(CreateKeyDocument);
  // One for what stands in the form: a repeated try makes no second key.
  // oxlint-disable-next-line react/exhaustive-deps
  const idempotencyKey = useMemo(() => crypto.randomUUID(), [typed]);
  const draft: Draft = { ...typed, expiry: typed.expiry ?? defaultExpiry(policy?.maxLifetimeDays ?? undefined) };

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
      lead={
        isMember
          ? 'A key of your own. It never does more than you may.'
          : 'A key belongs to a person or a service account, and never does more than its owner may.'
      }
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
            policy={policy}
            owners={owners}
            isMember={isMember}
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
        <KeySecretWindow
          apiKey={made.apiKey}
          secret={made.secret}
          title={made.apiKey.status === 'PENDING' ? 'The key is requested' : 'The key is made'}
          close={() => void navigate(`/keys/${made.apiKey.id}`)}
        />
      )}
    </Page>
  );
}
