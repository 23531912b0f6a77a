import { Link, useSearchParams } from 'react-router';
import { FailureNotice } from '../../api/answered.js';
import { useAct } from '../../api/operations.js';
import { type DeliveryStatus, ReplayDeliveriesDocument } from '../../generated/graphql.js';
import { Choice } from '../../shared/choice.js';
import { EarlierPages } from '../../shared/pages.js';
import { TableHead } from '../../shared/table-head.js';
import { DAY_MS, formatNumber, Time } from '../../shared/time.js';
import { useInterval } from '../../shared/use-interval.js';
import { typeOf } from '../../webhooks/kinds.js';
import type { ShownEndpoint } from './shown-endpoint.js';

export const STATUS_NAMES: Readonly<Record<DeliveryStatus, string>> = {
  PENDING: 'Waits',
  DELIVERED: 'Delivered',
  FAILED: 'Failed',
};
const TONES: Readonly<Record<DeliveryStatus, string>> = { PENDING: 'warn', DELIVERED: 'good', FAILED: 'bad' };
const INTERVAL_MS = 3_000;
/** Deliveries are kept for 30 days. */
const KEPT_DAYS = 30;

type Delivery = ShownEndpoint['deliveries']['nodes'][number];

/** What the endpoint was sent, the newest first; while some deliveries wait, the page asks again by itself. */
export function Deliveries({ endpoint: { id, deliveries }, reload }: { endpoint: ShownEndpoint; reload: () => void }) {
  const [parameters, setParameters] = useSearchParams();
  const replay = useAct(ReplayDeliveriesDocument);
  const { nodes, pageInfo } = deliveries;
  const isWaiting = nodes.some(({ status }) => status === 'PENDING');
  useInterval(reload, isWaiting ? INTERVAL_MS : undefined);
  const sendAgain = async (which: { deliveryIds: string[] } | { failedSince: string }) => {
    await replay.run({ input: { endpointId: id, ...which } });
    reload();
  };
  const status = parameters.get('status') ?? '';
  const show = (status: string, after = '') =>
    setParameters({ ...(status !== '' && { status }), ...(after !== '' && { after }) });
  return (
    <section className="card" aria-labelledby="deliveries">
      <h2 id="deliveries">Deliveries</h2>
      <div className="list-head">
        <Choice
          label="State"
          value={status}
          choose={(status) => show(status)}
          options={[['', 'Any'], ...Object.entries(STATUS_NAMES)]}
        />
        <button
          type="button"
          className="button"
          disabled={replay.isRunning}
          onClick={() => void sendAgain({ failedSince: new Date(Date.now() - KEPT_DAYS * DAY_MS).toISOString() })}
        >
          Send all failed ones again
        </button>
      </div>
      {replay.failure && <FailureNotice failure={replay.failure} />}
      {nodes.length === 0 ? (
        <p className="quiet">{status === '' ? 'Nothing was sent yet.' : 'No delivery is in this state.'}</p>
      ) : (
        <DeliveriesTable
          deliveries={nodes}
          isRunning={replay.isRunning}
          sendAgain={(delivery) => void sendAgain({ deliveryIds: [delivery] })}
        />
      )}
      <EarlierPages
        after={parameters.get('after') ?? undefined}
        pageInfo={pageInfo}
        turn={(after) => show(status, after)}
      />
    </section>
  );
}

function DeliveriesTable({
  deliveries,
  isRunning,
  sendAgain,
}: {
  deliveries: readonly Delivery[];
  isRunning: boolean;
  sendAgain: (id: string) => void;
}) {
  return (
    <table className="table">
      <TableHead names={['What', 'State', 'Happened', 'Attempts', 'Last answer', 'Again']} />
      <tbody>
        {deliveries.map((delivery) => (
          <tr key={delivery.id}>
            <td className="key-name">
              <code>{typeOf(delivery.kind)}</code>
              <What delivery={delivery} />
            </td>
            <td data-label="State">
              <span className={`badge badge-${TONES[delivery.status]}`}>{STATUS_NAMES[delivery.status]}</span>
              {delivery.nextAttemptAt != null && (
                <span className="quiet">
                  {' '}
                  tried <Time at={delivery.nextAttemptAt} />
                </span>
              )}
            </td>
            <td data-label="Happened">
              <Time at={delivery.createdAt} />
            </td>
            <td data-label="Attempts">{formatNumber(delivery.attempts)}</td>
            <td data-label="Last answer">
              {delivery.lastStatus ?? ''} {delivery.lastError ?? ''}
              {delivery.attempts === 0 && <span className="quiet">Not tried yet</span>}
            </td>
            <td data-label="Again">
              <button
                type="button"
                className="button"
                disabled={isRunning || delivery.status === 'PENDING'}
                onClick={() => sendAgain(delivery.id)}
              >
                Send again
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function What({ delivery: { id, apiKeyId, payload } }: { delivery: Delivery }) {
  return (
    <details>
      <summary>Body</summary>
      <p className="quiet">
        webhook-id: <code>{id}</code>
      </p>
      {/* It scrolls, so it takes the keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre role="region" tabIndex={0} aria-label={`Body of ${id}`}>
        {JSON.stringify(payload, null, 2)}
      </pre>
      {apiKeyId != null && <Link to={`/keys/${apiKeyId}`}>Open the key</Link>}
    </details>
  );
}
