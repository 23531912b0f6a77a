import { useAnswer } from '../../api/operations.js';
import { KeyCountsDocument } from '../../generated/graphql.js';
import { formatNumber } from '../../shared/time.js';
import { instants, type State, STATES } from './list-address.js';

const WORDS: Readonly<Record<State, string>> = {
  active: 'Active',
  pending: 'Waiting for approval',
  expiring: 'Expiring within 30 days',
  unused: 'Not used in 90 days',
  blocked: 'Blocked or suspended',
  expired: 'Expired',
  revoked: 'Revoked',
};

/** How many keys are in which state; each card shows them, and a second press shows all again. */
export function KeyCards({
  now,
  state,
  choose,
}: {
  now: number;
  state: State | 'all' | undefined;
  choose: (state: State | undefined) => void;
}) {
  const { soon, longAgo } = instants(now);
  const { data } = useAnswer(KeyCountsDocument, { soon, longAgo });
  return (
    <div className="key-cards" role="group" aria-label="Keys by state">
      {STATES.map((name) => (
        <button
          key={name}
          type="button"
          className="key-card"
          aria-pressed={state === name}
          onClick={() => choose(state === name ? undefined : name)}
        >
          <strong>{data ? formatNumber(data[name].totalCount) : '–'}</strong>
          <span>{WORDS[name]}</span>
        </button>
      ))}
    </div>
  );
}
