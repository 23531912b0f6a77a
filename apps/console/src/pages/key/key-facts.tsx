import { Link } from 'react-router';
import type { KeyQuery } from '../../generated/graphql.js';
import { REASON_WORDS } from '../../keys/status.js';
import { formatNumber, Time } from '../../shared/time.js';
import { KIND_WORDS, ROLE_WORDS } from '../../shared/words.js';

export type ShownKey = NonNullable<KeyQuery['apiKey']>;

/** What the key is. */
export function KeyFacts({ apiKey }: { apiKey: ShownKey }) {
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
          <Link to={`/people/${owner.id}`}>{owner.name}</Link>, {KIND_WORDS[owner.kind].toLowerCase()},{' '}
          {ROLE_WORDS[owner.role].toLowerCase()}
        </dd>
        <dt>Made</dt>
        <dd>
          <Time at={apiKey.createdAt} /> {apiKey.createdBy && `by ${apiKey.createdBy.name}`}
        </dd>
        <dt>Last used</dt>
        <dd>
          <Time at={apiKey.lastUsedAt} /> {apiKey.lastUsedIp != null && `from ${apiKey.lastUsedIp}`}
        </dd>
        <dt>Expires</dt>
        <dd>
          <Time at={apiKey.expiresAt} />
          {apiKey.effectiveExpiresAt !== apiKey.expiresAt && apiKey.effectiveExpiresAt != null && (
            <>
              ; by the policy it stops <Time at={apiKey.effectiveExpiresAt} />
            </>
          )}
        </dd>
        <dt>Networks</dt>
        <dd>{allowedCidrs.length === 0 ? 'From anywhere' : <code>{allowedCidrs.join(', ')}</code>}</dd>
        <dt>Rate</dt>
        <dd>
          {rateLimit
            ? `${formatNumber(rateLimit.limit)} requests in ${formatNumber(rateLimit.windowSeconds)} seconds`
            : 'Not limited'}
        </dd>
        {Object.keys(metadata).length > 0 && (
          <>
            <dt>Metadata</dt>
            <dd>
              <code>{JSON.stringify(metadata)}</code>
            </dd>
          </>
        )}
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
