import { useState } from 'react';
import { useAct } from '../../api/operations.js';
import { type EndpointFragment, RotateEndpointDocument } from '../../generated/graphql.js';
import { Secret } from '../../shared/secret.js';
import { Window } from '../../shared/window.js';
import { WindowActions } from '../../shared/window-actions.js';

const HOUR = 3600;
const OVERLAPS: readonly [number, string][] = [
  [0, 'None: only the new secret signs'],
  [HOUR, '1 hour'],
  [24 * HOUR, '1 day'],
  [7 * 24 * HOUR, '7 days'],
];

/** The endpoint as it was answered, and its new secret. */
export interface RotatedSecret {
  endpoint: EndpointFragment;
  secret: Secret;
}

/** A new secret, and how long the present one signs beside it. */
export function RotateSecretWindow({
  id,
  close,
  made,
}: {
  id: string;
  close: () => void;
  made: (rotated: RotatedSecret) => void;
}) {
  const [overlapSeconds, setOverlapSeconds] = useState(24 * HOUR);
  const { run, isRunning, failure } = useAct(RotateEndpointDocument);
  const rotate = async () => {
    const { data } = await run({ id, overlapSeconds });
    if (!data?.rotateWebhookSecret) return;
    const { webhookEndpoint, secret } = data.rotateWebhookSecret;
    made({ endpoint: webhookEndpoint, secret: new Secret(secret) });
  };
  return (
    <Window title="Rotate the secret" close={close}>
      <p>
        The endpoint gets a new secret. During the overlap each delivery carries two signatures, so that the receiver
        goes on while you bring the new secret to it.
      </p>
      <fieldset>
        <legend>Overlap</legend>
        {OVERLAPS.map(([seconds, words]) => (
          <label key={seconds} className="choice">
            <input
              type="radio"
              name="overlap"
              checked={overlapSeconds === seconds}
              onChange={() => setOverlapSeconds(seconds)}
            />
            {words}
          </label>
        ))}
      </fieldset>
      <WindowActions failure={failure} close={close} action="Make a new secret" isDisabled={isRunning} act={rotate} />
    </Window>
  );
}
