import { Link } from 'react-router';
import type { ApiKeyStatus, KeysOfPersonQuery } from '../../generated/graphql.js';
import { Scopes } from '../../keys/scopes.js';
import { Status } from '../../keys/status.js';
import { Pages } from '../../shared/pages.js';
import { formatNumber, Time } from '../../shared/time.js';

/** All that are not revoked; an expired key can be revived, so it is part of an off-boarding. */
export const LIVING: ApiKeyStatus[] = [
  'ACTIVE',
  'EXPIRED',
  'OWNER_INACTIVE',
  'PENDING',
  'POLICY_BLOCKED',
  'SUSPENDED',
  'TENANT_SUSPENDED',
];

/** The keys of somebody, a page of them at a time. */
export function OwnedKeys({
  keys,
  totalCount,
  pageInfo,
  turn,
}: {
  keys: KeysOfPersonQuery['apiKeys']['nodes'];
  totalCount: number;
  pageInfo: KeysOfPersonQuery['apiKeys']['pageInfo'];
  turn: (place: { after?: string; before?: string }) => void;
}) {
  return (
    <section className="card" aria-labelledby="keys">
      <h2 id="keys">
        {totalCount === 1 ? '1 key' : `${formatNumber(totalCount)} keys`} that can still work, or be revived
      </h2>
      {keys.length > 0 && (
        <ul className="impact owned">
          {keys.map((apiKey) => (
            <li key={apiKey.id}>
              <p className="row">
                <Link to={`/keys/${apiKey.id}`}>{apiKey.name}</Link> <Status apiKey={apiKey} />
              </p>
              <Scopes scopes={apiKey.scopes} effective={apiKey.effectiveScopes} shown={6} />
              <p className="quiet">
                Last used: <Time at={apiKey.lastUsedAt} never="never" />
              </p>
            </li>
          ))}
        </ul>
      )}
      <Pages pageInfo={pageInfo} turn={turn} />
    </section>
  );
}
