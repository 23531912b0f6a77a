import { useState } from 'react';
import { FailureNotice } from '../../api/answered.js';
import { useAct } from '../../api/operations.js';
import { CompleteRotationDocument, type KeyQuery } from '../../generated/graphql.js';
import { formatInstant, Time } from '../../shared/time.js';
import { useInterval } from '../../shared/use-interval.js';
import { Window } from '../../shared/window.js';
import { WindowActions } from '../../shared/window-actions.js';

type Rotation = NonNullable<NonNullable<KeyQuery['apiKey']>['rotation']>;
const INTERVAL_MS = 5_000;

/** While two secrets work: has the new one arrived, does anything still use the old one, and when does that end. */
export function RotationCard({ id, rotation, reload }: { id: string; rotation: Rotation; reload: () => void }) {
  const { run, isRunning, failure } = useAct(CompleteRotationDocument);
  const [isWarned, setWarned] = useState(false);
  useInterval(reload, INTERVAL_MS);
  const { newFirstUsedAt, previousLastUsedAt, previousExpiresAt, previousKeyPrefix } = rotation;
  return (
    <section className="card" aria-labelledby="rotation">
      <h2 id="rotation">Two secrets work</h2>
      <ol className="steps">
        <li className="done">
          A new secret was made <Time at={rotation.startedAt} />.
        </li>
        <li className={newFirstUsedAt == null ? undefined : 'done'}>
          {newFirstUsedAt == null ? (
            'The new secret was not used yet. Put it where the old one is.'
          ) : (
            <>
              The new secret was first used <Time at={newFirstUsedAt} />.
            </>
          )}
        </li>
        <li>
          The old secret (<code>{previousKeyPrefix}…</code>) was last used{' '}
          <Time at={previousLastUsedAt} never="never" />. It stops on {formatInstant(previousExpiresAt)}.
        </li>
      </ol>
      <p role="status">{adviceOf(rotation)}</p>
      {failure && <FailureNotice failure={failure} />}
      <div className="actions">
        <button
          type="button"
          className={newFirstUsedAt == null ? 'button' : 'button button-primary'}
          disabled={isRunning}
          onClick={() => (newFirstUsedAt == null ? setWarned(true) : void run({ id, force: false }))}
        >
          End the overlap now{newFirstUsedAt == null ? ' …' : ': the old secret stops'}
        </button>
      </div>
      {isWarned && <EndUnused id={id} close={() => setWarned(false)} />}
    </section>
  );
}

/** Ends the overlap although nobody has used the new secret, once the warning was read. */
function EndUnused({ id, close }: { id: string; close: () => void }) {
  const { run, isRunning, failure } = useAct(CompleteRotationDocument);
  const end = async () => {
    const { data } = await run({ id, force: true });
    if (data?.completeApiKeyRotation) close();
  };
  return (
    <Window title="End the overlap before the new secret is used" close={close}>
      <p>
        Nobody has used the new secret yet. From the next request on the old secret is refused, and every program that
        uses this key stops until it has the new secret.
      </p>
      <WindowActions
        failure={failure}
        cancel="Keep both secrets"
        close={close}
        action="End the old secret all the same"
        isDestructive
        isDisabled={isRunning}
        act={end}
      />
    </Window>
  );
}

function adviceOf({ newFirstUsedAt, previousLastUsedAt }: Rotation): string {
  if (newFirstUsedAt == null) return 'Wait: to end the overlap now would stop everything that uses this key.';
  if (previousLastUsedAt == null || previousLastUsedAt < newFirstUsedAt)
    return 'The old secret has been silent since the new one arrived: the overlap can be ended.';
  return 'Something still uses the old secret. Find it before you end the overlap.';
}
