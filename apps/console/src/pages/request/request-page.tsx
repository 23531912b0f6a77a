import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { Answered } from '../../api/answered.js';
import { useAnswer } from '../../api/operations.js';
import { RequestDocument, type RequestedKeyFragment } from '../../generated/graphql.js';
import { Difference } from '../../keys/difference.js';
import { editOf } from '../../keys/edit.js';
import { RateAndMetadata } from '../../keys/rate-and-metadata.js';
import { Page } from '../../shared/page.js';
import { Time } from '../../shared/time.js';
import { KIND_WORDS, ROLE_WORDS, STATUS_WORDS } from '../../shared/words.js';
import { ApprovalForm } from './approval-form.js';

/** One request of a member: what is asked, beside what the person may and what other keys need; and the answer to it. */
export function RequestPage() {
  const { id = '' } = useParams();
  const answer = useAnswer(RequestDocument, { id });
  return (
    <Answered answer={answer}>
      {({ apiKey }) =>
        apiKey ? (
          <Page title={apiKey.name} lead={<Asked request={apiKey} />}>
            {apiKey.status === 'PENDING' ? (
              <Open current={apiKey} reload={answer.reload} />
            ) : (
              <p className="notice" role="status">
                <span>
                  No answer is waited for: the key is in the state “{STATUS_WORDS[apiKey.status]}”.{' '}
                  <Link to={`/keys/${apiKey.id}`}>Open the key</Link> or{' '}
                  <Link to="/requests">see the other requests</Link>
                </span>
              </p>
            )}
          </Page>
        ) : (
          <Page title="No such request">
            <p>
              There is no request at this address. <Link to="/requests">Show every request</Link>
            </p>
          </Page>
        )
      }
    </Answered>
  );
}

function Asked({ request: { owner, createdAt, effectiveExpiresAt } }: { request: RequestedKeyFragment }) {
  return (
    <>
      Asked by <Link to={`/people/${owner.id}`}>{owner.name}</Link>, {KIND_WORDS[owner.kind].toLowerCase()},{' '}
      {ROLE_WORDS[owner.role].toLowerCase()}, <Time at={createdAt} />. Unanswered it ends{' '}
      <Time at={effectiveExpiresAt} />.
    </>
  );
}

/** A request that waits. What is answered is the request as it was when this was opened, and no later version of it. */
function Open({ current, reload }: { current: RequestedKeyFragment; reload: () => void }) {
  const [seen, setSeen] = useState(current);
  if (current.version !== seen.version)
    return (
      <section className="card" aria-labelledby="changed">
        <h2 id="changed">Changed since you opened it</h2>
        <p role="alert">The request is not as you have read it. Nothing was approved.</p>
        <Difference
          columns={[
            ['When you opened it', editOf(seen)],
            ['Now', editOf(current)],
          ]}
        />
        <div className="actions">
          <button type="button" className="button button-primary" onClick={() => setSeen(current)}>
            Go on with what is asked now
          </button>
        </div>
      </section>
    );
  return (
    <>
      <AskedFor request={seen} />
      <ApprovalForm key={seen.version} request={seen} changed={reload} />
    </>
  );
}

/** What is asked, and cannot be narrowed here. */
function AskedFor({ request: { requestReason, description, rateLimit, metadata } }: { request: RequestedKeyFragment }) {
  return (
    <section className="card" aria-labelledby="asked">
      <h2 id="asked">What it is for</h2>
      <dl className="facts">
        <dt>Needed for</dt>
        <dd className="description">{requestReason ?? 'No reason was given'}</dd>
        {description != null && (
          <>
            <dt>Description</dt>
            <dd className="description">{description}</dd>
          </>
        )}
        <RateAndMetadata rateLimit={rateLimit} metadata={metadata} />
      </dl>
    </section>
  );
}
