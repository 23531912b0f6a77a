import { useState } from 'react';
import { Answered } from '../api/answered.js';
import { useAct, useAnswer } from '../api/operations.js';
import { RevocationImpactDocument, type RevocationReason, RevokeKeysDocument } from '../generated/graphql.js';
import { Choice } from '../shared/choice.js';
import { TextArea } from '../shared/text-area.js';
import { formatNumber } from '../shared/time.js';
import { Window } from '../shared/window.js';
import { WindowActions } from '../shared/window-actions.js';
import { ImpactList } from './impact.js';

/** In the order in which they are chosen. */
const REASONS: readonly [RevocationReason, string][] = [
  ['UNUSED', 'Nobody needs it any more'],
  ['SUPERSEDED', 'Another key took its place'],
  ['OWNER_LEFT', 'Its owner left'],
  ['COMPROMISED', 'Somebody else may have it'],
  ['POLICY', 'It breaks the rules'],
  ['OTHER', 'Anything else'],
];

/** Which keys: some, or all of one owner. */
export type Which = { ids: string[]; ownerId?: undefined } | { ownerId: string; ids?: undefined };

/** Ends keys for good, once it was read what stops with them. */
export function RevokeWindow({
  which,
  count,
  close,
  done,
}: {
  which: Which;
  count: number;
  close: () => void;
  done: () => void;
}) {
  const answer = useAnswer(RevocationImpactDocument, which);
  const { run, isRunning, failure } = useAct(RevokeKeysDocument);
  const [reason, setReason] = useState<RevocationReason>(which.ownerId === undefined ? 'UNUSED' : 'OWNER_LEFT');
  const [note, setNote] = useState('');
  const revoke = async () => {
    const { data } = await run({ input: { ...which, reason, note: note.trim() === '' ? undefined : note } });
    if (data?.revokeApiKeys) done();
  };
  const what = count === 1 ? 'this key' : `these ${formatNumber(count)} keys`;
  return (
    <Window title={count === 1 ? 'Revoke the key' : `Revoke ${formatNumber(count)} keys`} close={close}>
      <p>From the next request on {what} will be refused, for good. This cannot be undone.</p>
      <Answered answer={answer} rows={3}>
        {({ apiKeyRevocationImpact }) => <ImpactList impact={apiKeyRevocationImpact} count={count} />}
      </Answered>
      <Choice
        label="Reason"
        value={reason}
        choose={(reason) => setReason(reason as RevocationReason)}
        options={REASONS}
      />
      <TextArea label="Note, for those who ask later" value={note} change={setNote} maxLength={2000} />
      <WindowActions
        failure={failure}
        cancel={`Keep ${count === 1 ? 'it' : 'them'}`}
        close={close}
        action={`Revoke ${what}`}
        isDestructive
        isDisabled={!answer.data || isRunning}
        act={revoke}
      >
        {failure && which.ownerId !== undefined && count > 1 && (
          <p className="help">Some of the keys may be revoked by now. Revoke again to go on with the others.</p>
        )}
      </WindowActions>
    </Window>
  );
}
