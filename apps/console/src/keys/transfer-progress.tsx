import { FailureNotice } from '../api/answered.js';
import type { Parts } from '../api/parts.js';
import type { TransferKeyMutationVariables } from '../generated/graphql.js';
import { ScrollingList } from '../shared/scrolling-list.js';
import { formatNumber } from '../shared/time.js';

export interface Transferred {
  id: string;
  name: string;
  scopes: readonly string[];
  owner: { id: string };
}

/** How many keys have a new owner by now; and in the end, which have not, and why. */
export function TransferProgress({
  keys,
  to,
  parts: { left = [], refused, failure, isRunning, stop },
  goOn,
  close,
}: {
  keys: readonly Transferred[];
  to: string;
  parts: Parts<TransferKeyMutationVariables>;
  goOn: () => void;
  close: () => void;
}) {
  const sent = keys.length - left.length;
  const names = new Map(keys.map(({ id, name }) => [id, name]));
  return (
    <>
      <progress max={keys.length} value={sent} aria-label="Keys transferred" />
      {isRunning ? (
        <p>
          {formatNumber(sent)} of {formatNumber(keys.length)} keys transferred to {to} …
        </p>
      ) : (
        <p role="status" className={`notice notice-${left.length + refused.length === 0 ? 'good' : 'warn'}`}>
          {endOf(keys.length, left.length, refused.length, to)}
        </p>
      )}
      {refused.length > 0 && (
        <ScrollingList label="Keys that stay">
          {refused.map(({ variables: { id }, failure }) => (
            <li key={id}>
              <strong>{names.get(id)}</strong> stays with its owner: {failure.message}
            </li>
          ))}
        </ScrollingList>
      )}
      {failure && <FailureNotice failure={failure} />}
      <div className="actions">
        {isRunning ? (
          <button type="button" className="button" onClick={stop}>
            Stop here
          </button>
        ) : (
          <>
            <button type="button" className={left.length === 0 ? 'button button-primary' : 'button'} onClick={close}>
              Close
            </button>
            {left.length > 0 && (
              <button type="button" className="button button-primary" onClick={goOn}>
                Go on with the other {formatNumber(left.length)}
              </button>
            )}
          </>
        )}
      </div>
    </>
  );
}

function endOf(all: number, left: number, refused: number, to: string): string {
  const transferred = formatNumber(all - left - refused);
  if (left > 0)
    return `${transferred} of ${formatNumber(all)} keys belong to ${to} now. The other ${formatNumber(left)} are as they were.`;
  if (refused > 0) return `${transferred} of ${formatNumber(all)} keys belong to ${to} now.`;
  return `All ${formatNumber(all)} keys belong to ${to} now.`;
}
