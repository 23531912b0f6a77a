import { useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { Answered } from '../../api/answered.js';
import { useAnswer } from '../../api/operations.js';
import { type DeliveryStatus, WebhookDocument } from '../../generated/graphql.js';
import { Page } from '../../shared/page.js';
import { formatInstant, Time } from '../../shared/time.js';
import { EndpointSecretWindow } from '../../webhooks/endpoint-secret-window.js';
import { EndpointState } from '../../webhooks/endpoint-state.js';
import { namesOf } from '../../webhooks/kinds.js';
import { Deliveries, STATUS_NAMES } from './deliveries.js';
import { EndpointActions } from './endpoint-actions.js';
import type { RotatedSecret } from './rotate-secret-window.js';
import type { ShownEndpoint } from './shown-endpoint.js';

const PAGE_SIZE = 20;

/** One endpoint: what it is sent, what became of each delivery, and what can be done with it. */
export function WebhookPage() {
  const { id = '' } = useParams();
  const [parameters] = useSearchParams();
  const asked = parameters.get('status') ?? '';
  const status = Object.keys(STATUS_NAMES).includes(asked) ? [asked as DeliveryStatus] : undefined;
  const after = parameters.get('after') ?? undefined;
  const answer = useAnswer(WebhookDocument, { id, first: PAGE_SIZE, after, status });
  // Above what is asked again: a new answer does not take the secret away.
  const [rotated, setRotated] = useState<RotatedSecret>();
  return (
    <>
      <Answered answer={answer} rows={8}>
        {({ webhookEndpoint: endpoint }) =>
          endpoint ? (
            <Page
              title={endpoint.url}
              lead={<EndpointState endpoint={endpoint} />}
              actions={<EndpointActions endpoint={endpoint} rotated={setRotated} reload={answer.reload} />}
            >
              <Facts endpoint={endpoint} />
              <Deliveries endpoint={endpoint} reload={answer.reload} />
            </Page>
          ) : (
            <Page title="No such endpoint">
              <p>
                There is no endpoint at this address. <Link to="/webhooks">Show every endpoint</Link>
              </p>
            </Page>
          )
        }
      </Answered>
      {rotated && (
        <EndpointSecretWindow
          endpoint={rotated.endpoint}
          secret={rotated.secret}
          title="The new secret"
          close={() => setRotated(undefined)}
        />
      )}
    </>
  );
}

function Facts({ endpoint }: { endpoint: ShownEndpoint }) {
  const { description, kinds, createdAt, previousSecretExpiresAt } = endpoint;
  return (
    <section className="card" aria-labelledby="facts">
      <h2 id="facts">About this endpoint</h2>
      {description != null && <p className="description">{description}</p>}
      <dl className="facts">
        <dt>Sent</dt>
        <dd>{namesOf(kinds)}</dd>
        <dt>Made</dt>
        <dd>
          <Time at={createdAt} />
        </dd>
        {previousSecretExpiresAt != null && (
          <>
            <dt>Two secrets sign</dt>
            <dd>until {formatInstant(previousSecretExpiresAt)}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
