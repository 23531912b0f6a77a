import type { Policy } from '../../keys/policy.js';
import { DAY_MS, formatInstant, formatNumber, localOf } from '../../shared/time.js';
import { EXPIRY_DAYS, type Expiry, instantOf } from './draft.js';

/** When the key ends. What the policy forbids can be seen, and not chosen. */
export function ExpiryChoice({
  expiry,
  choose,
  policy,
  now,
}: {
  expiry: Expiry;
  choose: (expiry: Expiry) => void;
  policy: Policy | undefined;
  now: number;
}) {
  const most = policy?.maxLifetimeDays ?? Infinity;
  const days = [...new Set([...EXPIRY_DAYS, ...(expiry.kind === 'days' ? [expiry.days] : [])])].sort((a, b) => a - b);
  const isNeverAllowed = !policy?.requireExpiry;
  const instant = instantOf(expiry, now);
  return (
    <fieldset>
      <legend>Expires</legend>
      <div className="choices">
        {days.map((count) => (
          <label key={count} className="choice">
            <input
              type="radio"
              name="expiry"
              checked={expiry.kind === 'days' && expiry.days === count}
              disabled={count > most}
              onChange={() => choose({ kind: 'days', days: count })}
            />
            {count === 365 ? '1 year' : `${count} days`}
          </label>
        ))}
        <label className="choice">
          <input
            type="radio"
            name="expiry"
            checked={expiry.kind === 'date'}
            onChange={() => choose({ kind: 'date', date: '' })}
          />
          On a date
        </label>
        <label className="choice">
          <input
            type="radio"
            name="expiry"
            checked={expiry.kind === 'never'}
            disabled={!isNeverAllowed}
            onChange={() => choose({ kind: 'never' })}
          />
          Never
        </label>
      </div>
      {expiry.kind === 'date' && (
        <input
          type="datetime-local"
          aria-label="Date and time of the expiry"
          value={expiry.date}
          min={localOf(now)}
          max={most === Infinity ? undefined : localOf(now + most * DAY_MS)}
          onChange={(event) => choose({ kind: 'date', date: event.target.value })}
        />
      )}
      <p className="help">
        {instant != null && `It ends on ${formatInstant(instant)}. `}
        {most !== Infinity && `The policy lets a key live for ${formatNumber(most)} days at most. `}
        {!isNeverAllowed && 'The policy wants every key to expire. '}
        {policy?.maxInactiveDays != null && `A key that is not used for ${policy.maxInactiveDays} days is blocked.`}
      </p>
    </fieldset>
  );
}
