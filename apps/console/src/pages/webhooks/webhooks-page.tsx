import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { Answered } from '../../api/answered.js';
import { useAnswer } from '../../api/operations.js';
import { type EndpointFragment, WebhooksDocument } from '../../generated/graphql.js';
import { Page } from '../../shared/page.js';
import type { Secret } from '../../shared/secret.js';
import { TableHead } from '../../shared/table-head.js';
import { Time } from '../../shared/time.js';
import { EndpointSecretWindow } from '../../webhooks/endpoint-secret-window.js';
import { EndpointState } from '../../webhooks/endpoint-state.js';
import { namesOf } from '../../webhooks/kinds.js';
import { NewEndpointWindow } from './new-endpoint-window.js';

interface Made {
  endpoint: EndpointFragment;
  secret: Secret;
}

/** The addresses that are sent what happens to the keys of the tenant. */
export function WebhooksPage() {
  const answer = useAnswer(WebhooksDocument, {});
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const [made, setMade] = useState<Made>();
  return (
    <Page
      title="Webhooks"
      lead="The portal sends each event of this tenant’s keys to these addresses, signed, at least once."
      actions={
        <button type="button" className="button button-primary" onClick={() => setOpen(true)}>
          <Plus aria-hidden /> New endpoint …
        </button>
      }
    >
      <Answered answer={answer}>
        {({ webhookEndpoints }) =>
          webhookEndpoints.length === 0 ? (
            <div className="nothing">
              <h2>No endpoints yet</h2>
              <p>An endpoint is an https address of yours that learns of a revoked, rotated or leaked key at once.</p>
            </div>
          ) : (
            <EndpointsTable endpoints={webhookEndpoints} />
          )
        }
      </Answered>
      {isOpen && (
        <NewEndpointWindow
          close={() => setOpen(false)}
          made={(endpoint, secret) => {
            setOpen(false);
            setMade({ endpoint, secret });
          }}
        />
      )}
      {made && (
        <EndpointSecretWindow
          endpoint={made.endpoint}
          secret={made.secret}
          title="The endpoint is made"
          close={() => void navigate(`/webhooks/${made.endpoint.id}`)}
        />
      )}
    </Page>
  );
}

function EndpointsTable({ endpoints }: { endpoints: readonly EndpointFragment[] }) {
  return (
    <table className="table">
      <TableHead names={['Address', 'State', 'Sent', 'Made']} />
      <tbody>
        {endpoints.map((endpoint) => (
          <tr key={endpoint.id}>
            <td className="key-name">
              <Link to={`/webhooks/${endpoint.id}`}>{endpoint.url}</Link>
              {endpoint.description != null && <span className="quiet">{endpoint.description}</span>}
            </td>
            <td data-label="State">
              <EndpointState endpoint={endpoint} />
            </td>
            <td data-label="Sent">{namesOf(endpoint.kinds)}</td>
            <td data-label="Made">
              <Time at={endpoint.createdAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
