import type { RevocationImpactQuery } from '../generated/graphql.js';
import { ScrollingList } from '../shared/scrolling-list.js';
import { formatNumber, Time } from '../shared/time.js';

type Impact = RevocationImpactQuery['apiKeyRevocationImpact'][number];

/** What stops working when keys stop. @param count of the keys; the portal lists the last used of them */
export function ImpactList({ impact, count }: { impact: readonly Impact[]; count: number }) {
  const isInUse = impact.some(({ requestsLast24h }) => requestsLast24h > 0);
  return (
    <>
      {isInUse && (
        <p className="notice notice-warn">
          {impact.length === 1 ? 'This key is' : 'Some of these keys are'} in use: requests came within the last 24
          hours.
        </p>
      )}
      {count > impact.length && (
        <p className="help">
          The {formatNumber(impact.length)} keys that were used last, of {formatNumber(count)}:
        </p>
      )}
      <ScrollingList label="What stops">
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
      </ScrollingList>
    </>
  );
}
