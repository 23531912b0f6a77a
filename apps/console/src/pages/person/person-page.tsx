import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { Answered, FailureNotice, Skeleton } from '../../api/answered.js';
import { useAnswer } from '../../api/operations.js';
import { type ApiKeyStatus, KeysOfPersonDocument } from '../../generated/graphql.js';
import { RevokeWindow } from '../../keys/revoke-window.js';
import { Scopes } from '../../keys/scopes.js';
import { Status } from '../../keys/status.js';
import { TransferWindow } from '../../keys/transfer-window.js';
import { Page } from '../../shared/page.js';
import { Time } from '../../shared/time.js';
import { type User, useUsers } from '../../shared/use-users.js';
import { KIND_WORDS, ROLE_WORDS } from '../../shared/words.js';

/** All that are not revoked; an expired key can be revived, so it is part of an off-boarding. */
const LIVING: ApiKeyStatus[] = [
  'ACTIVE',
  'EXPIRED',
  'OWNER_INACTIVE',
  'PENDING',
  'POLICY_BLOCKED',
  'SUSPENDED',
  'TENANT_SUSPENDED',
];

/** One person or service account: its keys, and what becomes of them when it leaves. */
export function PersonPage() {
  const { id = '' } = useParams();
  const { users, failure } = useUsers();
  const user = users?.find((user) => user.id === id);
  if (failure) return <FailureNotice failure={failure} />;
  if (!users) return <Skeleton rows={6} />;
  if (!user)
    return (
      <Page title="Nobody here">
        <p>
          There is nobody of this tenant at this address. <Link to="/people">Show everybody</Link>
        </p>
      </Page>
    );
  return <Person user={user} />;
}

function Person({ user: { id, name, email, kind, role, isActive } }: { user: User }) {
  const answer = useAnswer(KeysOfPersonDocument, { filter: { ownerId: id, status: LIVING } });
  const [open, setOpen] = useState<'revoke' | 'transfer'>();
  const close = () => setOpen(undefined);
  return (
    <Page
      title={name}
      lead={
        <>
          {KIND_WORDS[kind]}, {ROLE_WORDS[role].toLowerCase()}, {isActive ? 'active' : 'not active'}, {email}
        </>
      }
      actions={
        <Link className="button" to={`/audit?actor=${id}`}>
          What {name} did
        </Link>
      }
    >
      <Answered answer={answer}>
        {({ apiKeys: { nodes, totalCount } }) => (
          <section className="card" aria-labelledby="keys">
            <h2 id="keys">{totalCount === 1 ? '1 key' : `${totalCount} keys`} that can still work, or be revived</h2>
            {nodes.length > 0 && (
              <>
                <ul className="impact owned">
                  {nodes.map((apiKey) => (
                    <li key={apiKey.id}>
                      <Link to={`/keys/${apiKey.id}`}>{apiKey.name}</Link> <Status apiKey={apiKey} />
                      <Scopes scopes={apiKey.scopes} effective={apiKey.effectiveScopes} shown={6} />
                      <span className="quiet">
                        Last used <Time at={apiKey.lastUsedAt} never="never" />
                      </span>
                    </li>
                  ))}
                </ul>
                <h3>Off-boarding</h3>
                <p>
                  Before {name} leaves: give the keys that others rely on to somebody else, and revoke the rest. Both
                  show first what that takes away.
                </p>
                <div className="actions">
                  <button type="button" className="button" onClick={() => setOpen('transfer')}>
                    Transfer all …
                  </button>
                  <button type="button" className="button button-bad" onClick={() => setOpen('revoke')}>
                    Revoke all …
                  </button>
                </div>
              </>
            )}
            {open === 'transfer' && (
              <TransferWindow keys={nodes.filter(({ status }) => status !== 'EXPIRED')} close={close} done={close} />
            )}
            {open === 'revoke' && (
              <RevokeWindow which={{ ownerId: id }} count={totalCount} close={close} done={close} />
            )}
          </section>
        )}
      </Answered>
    </Page>
  );
}
