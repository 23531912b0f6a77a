import { Link } from 'react-router';
import type { KeyQuery } from '../../generated/graphql.js';
import { RateAndMetadata } from '../../keys/rate-and-metadata.js';
import { REASON_WORDS } from '../../keys/status.js';
import { Time } from '../../shared/time.js';
import { isAdmin, useViewer } from '../../shell/viewer.js';
import { KIND_WORDS, ROLE_WORDS } from '../../shared/words.js';

export type ShownKey = NonNullable<KeyQuery['apiKey']>;

/** What the key is. */
export function KeyFacts({ apiKey }: { apiKey: ShownKey }) {
  const isForAdmin = isAdmin(useViewer());
  const { owner, rateLimit, allowedCidrs, metadata, description } = apiKey;
  return (
    <section className="card" aria-labelledby="facts">
      <h2 id="facts">About this key</h2>
      {description != null && <p className="description">{description}</p>}
      <dl className="facts">
        <dt>Prefix</dt>
        <dd>
          <code>{apiKey.keyPrefix}…</code>
        </dd>
        <dt>Owner</dt>
        <dd>
          {isForAdmin ? <Link to={`/people/${owner.id}`}>{owner.name}</Link> : owner.name},{' '}
          {KIND_WORDS[owner.kind].toLowerCase()}, {ROLE_WORDS[owner.role].toLowerCase()}
        </dd>
        <dt>Made</dt>
        <dd>
          <Time at={apiKey.createdAt} /> {apiKey.createdBy && `by ${apiKey.createdBy.name}`}
        </dd>
        {apiKey.requestReason != null && (
          <>
            <dt>Needed for</dt>
            <dd className="description">{apiKey.requestReason}</dd>
          </>
        )}
        {apiKey.approvedAt != null && (
          <>
            <dt>Approved</dt>
            <dd>
              <Time at={apiKey.approvedAt} /> {apiKey.approvedBy && `by ${apiKey.approvedBy.name}`}
            </dd>
          </>
        )}
        <dt>Last used</dt>
        <dd>
          <Time at={apiKey.lastUsedAt} /> {apiKey.lastUsedIp != null && `from ${apiKey.lastUsedIp}`}
        </dd>
        {apiKey.recentIps.length > 0 && (
          <>
            <dt>Used from</dt>
            <dd>
              <RecentAddresses addresses={apiKey.recentIps} />
            </dd>
          </>
        )}
        <dt>Expires</dt>
        <dd>
          <Time at={apiKey.expiresAt} />
          {apiKey.effectiveExpiresAt !== apiKey.expiresAt && apiKey.effectiveExpiresAt != null && (
            <>
              ; {apiKey.status === 'PENDING' ? 'unanswered, the request ends' : 'by the policy it stops'}{' '}
              <Time at={apiKey.effectiveExpiresAt} />
            </>
          )}
        </dd>
        <dt>Networks</dt>
        <dd>{allowedCidrs.length === 0 ? 'From anywhere' : <code>{allowedCidrs.join(', ')}</code>}</dd>
        <RateAndMetadata rateLimit={rateLimit} metadata={metadata} />
        {apiKey.revokedAt != null && (
          <>
            <dt>Revoked</dt>
            <dd>
              <Time at={apiKey.revokedAt} /> {apiKey.revokedBy && `by ${apiKey.revokedBy.name}`}:{' '}
              {REASON_WORDS[apiKey.revocationReason ?? 'OTHER']}
              {apiKey.revocationNote != null && `. ${apiKey.revocationNote}`}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

/** The last ten addresses, the latest first. */
function RecentAddresses({ addresses }: { addresses: ShownKey['recentIps'] }) {
  return (
    <ul>
      {addresses.map(({ ip, firstUsedAt, lastUsedAt }) => (
        <li key={ip}>
          <code>{ip}</code>{' '}
          <span className="quiet">
            first <Time at={firstUsedAt} />, last <Time at={lastUsedAt} />
          </span>
        </li>
      ))}
    </ul>
  );
}
