import { useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { Answered, FailureNotice, Skeleton } from '../../api/answered.js';
import { useAnswer } from '../../api/operations.js';
import { KeysOfPersonDocument } from '../../generated/graphql.js';
import { RevokeWindow } from '../../keys/revoke-window.js';
import { Page } from '../../shared/page.js';
import { placeIn } from '../../shared/pages.js';
import { formatNumber } from '../../shared/time.js';
import { type User, useUsers } from '../../shared/use-users.js';
import { KIND_WORDS, ROLE_WORDS } from '../../shared/words.js';
import { LIVING, OwnedKeys } from './owned-keys.js';
import { TransferAll } from './transfer-all.js';

const PAGE_SIZE = 20;

/** One person or service account: its keys, and what becomes of them when it leaves. */
export function PersonPage() {
  const { id = '' } = useParams();
  const { users, failure, reload } = useUsers();
  const user = users?.find((user) => user.id === id);
  if (failure)
    return (
      <Page title="One person">
        <FailureNotice failure={failure} retry={reload} />
      </Page>
    );
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
  const [parameters, setParameters] = useSearchParams();
  const [open, setOpen] = useState<'revoke' | 'transfer'>();
  const [notice, setNotice] = useState('');
  const filter = { ownerId: id, status: LIVING };
  const answer = useAnswer(KeysOfPersonDocument, { filter, ...placeIn(parameters, PAGE_SIZE) });
  const turn = (place: { after?: string; before?: string }) => setParameters(place);
  const close = (isChanged: boolean) => {
    setOpen(undefined);
    // The page of keys that was open may be gone.
    if (isChanged) setParameters({});
  };
  return (
    <Page
      title={name}
      lead={`${KIND_WORDS[kind]}, ${ROLE_WORDS[role].toLowerCase()}, ${isActive ? 'active' : 'not active'}${email === name ? '' : `, ${email}`}`}
      actions={
        <Link className="button" to={`/audit?actor=${id}`}>
          Show what they did
        </Link>
      }
    >
      {notice !== '' && (
        <p role="status" className="notice notice-good">
          {notice}
        </p>
      )}
      <Answered answer={answer}>
        {({ apiKeys: { nodes, totalCount, pageInfo } }) => (
          <>
            <OwnedKeys keys={nodes} totalCount={totalCount} pageInfo={pageInfo} turn={turn} />
            {totalCount > 0 && <OffBoarding name={name} open={setOpen} />}
            {open === 'transfer' && <TransferAll ownerId={id} close={close} />}
            {open === 'revoke' && (
              <RevokeWindow
                which={{ ownerId: id }}
                count={totalCount}
                close={() => close(false)}
                done={() => {
                  setNotice(
                    `Revoked: ${totalCount === 1 ? '1 key' : `all ${formatNumber(totalCount)} keys`} of ${name}.`,
                  );
                  close(true);
                }}
              />
            )}
          </>
        )}
      </Answered>
    </Page>
  );
}

function OffBoarding({ name, open }: { name: string; open: (what: 'revoke' | 'transfer') => void }) {
  return (
    <section className="card" aria-labelledby="off-boarding">
      <h2 id="off-boarding">Off-boarding</h2>
      <p>
        Before {name} leaves: give the keys that others rely on to somebody else, and revoke the rest. Each shows first
        what it takes away.
      </p>
      <div className="actions">
        <button type="button" className="button" onClick={() => open('transfer')}>
          Transfer all …
        </button>
        <button type="button" className="button button-bad" onClick={() => open('revoke')}>
          Revoke all …
        </button>
      </div>
    </section>
  );
}
