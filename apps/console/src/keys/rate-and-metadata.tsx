import type { EditableKeyFragment } from '../generated/graphql.js';
import { formatNumber } from '../shared/time.js';

/** How often the key may be used and what is kept with it, as facts of a list. */
export function RateAndMetadata({ rateLimit, metadata }: Pick<EditableKeyFragment, 'rateLimit' | 'metadata'>) {
  return (
    <>
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
    </>
  );
}
