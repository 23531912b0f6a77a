import { useState } from 'react';
import { useAct } from '../../api/operations.js';
import { type KeyRowFragment, RotateKeyDocument } from '../../generated/graphql.js';
import { Secret } from '../../shared/secret.js';
import { Window } from '../../shared/window.js';
import { WindowActions } from '../../shared/window-actions.js';
import type { ShownKey } from './key-facts.js';

const HOUR = 3600;
const OVERLAPS: readonly [number, string][] = [
  [0, 'None: the old secret stops at once'],
  [HOUR, '1 hour'],
  [24 * HOUR, '1 day'],
  [7 * 24 * HOUR, '7 days'],
  [30 * 24 * HOUR, '30 days'],
];

/** The key as it was answered, and its new secret. */
export interface Rotated {
  row: KeyRowFragment;
  secret: Secret;
}

/** A new secret, and how long the old one lives on beside it. */
export function RotateWindow({
  apiKey,
  longest: known,
  close,
  made,
}: {
  apiKey: ShownKey;
  /** Seconds, by the policy. Undefined for members, who cannot see the policy: the portal cuts what they choose. */
  longest: number | undefined;
  close: () => void;
  made: (rotated: Rotated) => void;
}) {
  const longest = known ?? Infinity;
  const fitting = OVERLAPS.filter(([seconds]) => seconds <= longest);
  const [overlap, setOverlap] = useState(fitting.some(([seconds]) => seconds === 24 * HOUR) ? 24 * HOUR : 0);
  const { run, isRunning, failure } = useAct(RotateKeyDocument);
  const rotate = async () => {
    const input = { id: apiKey.id, overlapSeconds: overlap, expectedVersion: apiKey.version };
    const { data } = await run({ input });
    if (!data?.rotateApiKey) return;
    const { apiKey: row, secret } = data.rotateApiKey;
    made({ row, secret: new Secret(secret) });
  };
  return (
    <Window title="Rotate the key" close={close}>
      <p>
        The key gets a new secret, and keeps its name, scopes and history. For the time of the overlap both secrets
        work, so that nothing stops while you bring the new one to where it is needed.
      </p>
      {apiKey.rotation && <p className="notice notice-warn">A rotation is under way: this one ends or replaces it.</p>}
      <fieldset>
        <legend>Overlap</legend>
        {OVERLAPS.map(([seconds, words]) => (
          <label key={seconds} className="choice">
            <input
              type="radio"
              name="overlap"
              checked={overlap === seconds}
              disabled={seconds > longest}
              onChange={() => setOverlap(seconds)}
            />
            {words}
            {seconds > longest && ' (longer than the policy allows)'}
          </label>
        ))}
      </fieldset>
      {known === undefined && <p className="help">The policy of the tenant may end the overlap earlier.</p>}
      <WindowActions failure={failure} close={close} action="Make a new secret" isDisabled={isRunning} act={rotate} />
    </Window>
  );
}
