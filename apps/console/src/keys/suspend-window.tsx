import { Answered } from '../api/answered.js';
import { useAnswer } from '../api/operations.js';
import { useParts } from '../api/parts.js';
import { RevocationImpactDocument, SuspendKeyDocument } from '../generated/graphql.js';
import { Window } from '../shared/window.js';
import { WindowActions } from '../shared/window-actions.js';
import { ImpactList } from './impact.js';

/** Suspends keys, after showing what stops with them. */
export function SuspendWindow({
  keys,
  close,
  done,
}: {
  keys: readonly { id: string }[];
  close: () => void;
  done: () => void;
}) {
  const answer = useAnswer(RevocationImpactDocument, { ids: keys.map(({ id }) => id) });
  const { run, isRunning, failure, refused } = useParts(SuspendKeyDocument);
  const refusal = failure ?? refused[0]?.failure;
  const suspend = async () => {
    if (await run(keys.map(({ id }) => ({ id })))) done();
  };
  const [what, them] = keys.length === 1 ? ['this key', 'it'] : [`these ${keys.length} keys`, 'them'];
  return (
    <Window title={keys.length === 1 ? 'Suspend the key' : `Suspend ${keys.length} keys`} close={close}>
      <p>
        From the next request on {what} will be refused, until somebody resumes {them}. Nothing else changes.
      </p>
      <Answered answer={answer} rows={3}>
        {({ apiKeyRevocationImpact }) => <ImpactList impact={apiKeyRevocationImpact} count={keys.length} />}
      </Answered>
      <WindowActions
        failure={refusal}
        close={close}
        action={`Suspend ${what}`}
        isDestructive
        isDisabled={isRunning}
        act={suspend}
      />
    </Window>
  );
}
