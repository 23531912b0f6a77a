import { useState } from 'react';
import { useAct } from '../../api/operations.js';
import { RejectKeyDocument, type RequestedKeyFragment } from '../../generated/graphql.js';
import { TextArea } from '../../shared/text-area.js';
import { Window } from '../../shared/window.js';
import { WindowActions } from '../../shared/window-actions.js';

/** Refuses a request, and says why to the member who made it. */
export function RejectWindow({ request: { id, owner }, close }: { request: RequestedKeyFragment; close: () => void }) {
  const [note, setNote] = useState('');
  const { run, isRunning, failure } = useAct(RejectKeyDocument);
  const reject = async () => {
    const { data } = await run({ id, note: note.trim() === '' ? undefined : note });
    if (data?.rejectApiKey) close();
  };
  return (
    <Window title="Reject the request" close={close}>
      <p>
        The key ends for good, and never opens anything. {owner.name} can ask for another key. This cannot be undone.
      </p>
      <TextArea label={`Note that ${owner.name} reads`} value={note} change={setNote} rows={3} maxLength={2000} />
      <WindowActions
        failure={failure}
        close={close}
        action="Reject the request"
        isDestructive
        isDisabled={isRunning}
        act={reject}
      />
    </Window>
  );
}
