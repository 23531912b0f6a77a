import { useState } from 'react';
import { FailureNotice } from '../../api/answered.js';
import { useAct } from '../../api/operations.js';
import { ResumeKeyDocument, SuspendKeyDocument } from '../../generated/graphql.js';
import { RevokeWindow } from '../../keys/revoke-window.js';

/** What can be done with the keys that were chosen in the list. */
export function ChosenKeys({ keys, done }: { keys: readonly { id: string; name: string }[]; done: () => void }) {
  const [isRevoking, setRevoking] = useState(false);
  const suspend = useAct(SuspendKeyDocument);
  const resume = useAct(ResumeKeyDocument);
  const failure = suspend.failure ?? resume.failure;
  const isRunning = suspend.isRunning || resume.isRunning;
  const each = async (act: (variables: { id: string }) => Promise<{ failure?: unknown }>) => {
    for (const { id } of keys) if ((await act({ id })).failure) return;
    done();
  };
  if (keys.length === 0) return null;
  return (
    <div className="actions" role="group" aria-label="The chosen keys">
      <span role="status">{keys.length} chosen</span>
      <button type="button" className="button" disabled={isRunning} onClick={() => void each(suspend.run)}>
        Suspend
      </button>
      <button type="button" className="button" disabled={isRunning} onClick={() => void each(resume.run)}>
        Resume
      </button>
      <button type="button" className="button button-bad" onClick={() => setRevoking(true)}>
        Revoke …
      </button>
      {failure && <FailureNotice failure={failure} />}
      {isRevoking && (
        <RevokeWindow
          which={{ ids: keys.map(({ id }) => id) }}
          count={keys.length}
          close={() => setRevoking(false)}
          done={done}
        />
      )}
    </div>
  );
}
