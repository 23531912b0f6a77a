import type { RevocationImpactQuery } from '../generated/graphql.js';
import { formatNumber, Time } from '../shared/time.js';

type Impact = RevocationImpactQuery['apiKeyRevocationImpact'][number];

/** What stops working when these keys stop. */
export function ImpactList({ impact }: { impact: readonly Impact[] }) {
  const isInUse = impact.some(({ requestsLast24h }) => requestsLast24h > 0);
  return (
    <>
      {isInUse && (
        <p className="notice notice-warn">
          {impact.length === 1 ? 'This key is' : 'Some of these keys are'} in use: requests came within the last 24
          hours.
        </p>
      )}
      <ul className="impact">
        {impact.map(({ apiKey, lastUsedAt, requestsLast24h, scopesUsedLast30d }) => (
          <li key={apiKey.id}>
            <strong>{apiKey.name}</strong> <code className="quiet">{apiKey.keyPrefix}…</code>
            <dl className="facts">
              <dt>Last used</dt>
              <dd>
                <Time at={lastUsedAt} />
              </dd>
              <dt>Requests in 24 hours</dt>
              <dd>{formatNumber(requestsLast24h)}</dd>
              <dt>Scopes used in 30 days</dt>
              <dd>{scopesUsedLast30d.length === 0 ? 'None' : scopesUsedLast30d.join(', ')}</dd>
            </dl>
          </li>
        ))}
      </ul>
    </>
  );
}
