import { useState } from 'react';
import { FailureNotice } from '../../api/answered.js';
import { useAct } from '../../api/operations.js';
import { type KeyQuery, ResumeKeyDocument } from '../../generated/graphql.js';
import { RevokeWindow } from '../../keys/revoke-window.js';
import { SuspendWindow } from '../../keys/suspend-window.js';
import { TransferWindow } from '../../keys/transfer-window.js';
import { EditWindow } from './edit-window.js';
import type { ShownKey } from './key-facts.js';
import { type Rotated, RotateWindow } from './rotate-window.js';

type Open = 'edit' | 'rotate' | 'suspend' | 'transfer' | 'revoke';

/** What can be done with the key in its state. */
export function KeyActions({
  apiKey,
  policy,
  rotated,
}: {
  apiKey: ShownKey;
  policy: KeyQuery['apiKeyPolicy'];
  rotated: (rotated: Rotated) => void;
}) {
  const [open, setOpen] = useState<Open>();
  const resume = useAct(ResumeKeyDocument);
  const close = () => setOpen(undefined);
  const { id, status, suspendedAt } = apiKey;
  if (status === 'REVOKED') return null;
  const isRotatable = status === 'ACTIVE' || status === 'POLICY_BLOCKED';
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen('edit')}>
        Change …
      </button>
      <button
        type="button"
        className="button"
        disabled={!isRotatable}
        title={isRotatable ? undefined : 'Only a key that works can be rotated.'}
        onClick={() => setOpen('rotate')}
      >
        Rotate …
      </button>
      {suspendedAt == null ? (
        <button type="button" className="button" onClick={() => setOpen('suspend')}>
          Suspend …
        </button>
      ) : (
        <button type="button" className="button" disabled={resume.isRunning} onClick={() => void resume.run({ id })}>
          Resume
        </button>
      )}
      <button type="button" className="button" disabled={status === 'EXPIRED'} onClick={() => setOpen('transfer')}>
        Transfer …
      </button>
      <button type="button" className="button button-bad" onClick={() => setOpen('revoke')}>
        Revoke …
      </button>
      {resume.failure && <FailureNotice failure={resume.failure} />}
      {open === 'edit' && <EditWindow apiKey={apiKey} policy={policy} close={close} />}
      {open === 'rotate' && (
        <RotateWindow
          apiKey={apiKey}
          longest={policy.maxRotationOverlapSeconds}
          close={close}
          made={(answer) => {
            close();
            rotated(answer);
          }}
        />
      )}
      {open === 'transfer' && <TransferWindow keys={[apiKey]} close={close} />}
      {open === 'suspend' && <SuspendWindow keys={[apiKey]} close={close} done={close} />}
      {open === 'revoke' && <RevokeWindow which={{ ids: [id] }} count={1} close={close} done={close} />}
    </>
  );
}
