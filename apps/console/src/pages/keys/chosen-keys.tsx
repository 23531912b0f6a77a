import { useState } from 'react';
import { FailureNotice } from '../../api/answered.js';
import { useParts } from '../../api/parts.js';
import { ResumeKeyDocument } from '../../generated/graphql.js';
import { RevokeWindow } from '../../keys/revoke-window.js';
import { SuspendWindow } from '../../keys/suspend-window.js';

/** What can be done with the keys that were chosen in the list. */
export function ChosenKeys({ keys, done }: { keys: readonly { id: string; name: string }[]; done: () => void }) {
  const [open, setOpen] = useState<'suspend' | 'revoke'>();
  const resume = useParts(ResumeKeyDocument);
  const refusal = resume.failure ?? resume.refused[0]?.failure;
  const close = () => setOpen(undefined);
  const resumeAll = async () => {
    if (await resume.run(keys.map(({ id }) => ({ id })))) done();
  };
  if (keys.length === 0) return null;
  return (
    <div className="actions" role="group" aria-label="The chosen keys">
      <span role="status">{keys.length} chosen</span>
      <button type="button" className="button" onClick={() => setOpen('suspend')}>
        Suspend …
      </button>
      <button type="button" className="button" disabled={resume.isRunning} onClick={() => void resumeAll()}>
        Resume
      </button>
      <button type="button" className="button button-bad" onClick={() => setOpen('revoke')}>
        Revoke …
      </button>
      {refusal && <FailureNotice failure={refusal} />}
      {open === 'suspend' && <SuspendWindow keys={keys} close={close} done={done} />}
      {open === 'revoke' && (
        <RevokeWindow which={{ ids: keys.map(({ id }) => id) }} count={keys.length} close={close} done={done} />
      )}
    </div>
  );
}
